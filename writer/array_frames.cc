// SPDX-License-Identifier: Apache-2.0
#include "writer/array_frames.h"

#include <fmt/format.h>

#include <span>
#include <utility>
#include <vector>

#include "cli/short_names.h"

namespace mapferry::cli {

Result<void> look_at_array(const std::string& path, Source& source) {
    std::vector<std::byte> header(kNpyBeginningBytes);
    auto got = source.peek(header);
    if (!got) return std::unexpected(got.error());
    const auto header_bytes = npy_header_bytes(std::span(header).first(*got));
    if (header_bytes) header.resize(*header_bytes);
    if (header_bytes) got = source.peek(header);
    if (!got) return std::unexpected(got.error());
    const auto read = read_npy_header(std::span(header).first(*got));
    if (read) return {};
    Status status = read.error();
    status.message = shown_source(path) + ": " + status.message;
    return std::unexpected(std::move(status));
}

// Empty: the source ended with the last array.
Result<std::optional<NpyHeader>> ArrayFrames::next_header(FrameWriter& writer) {
    std::vector<std::byte> header(kNpyBeginningBytes);
    auto got = source_->bytes().fill(writer, header);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return std::nullopt;
    source_->begin_piece();
    const auto header_bytes = npy_header_bytes(std::span(header).first(*got));
    if (!header_bytes) return std::unexpected(header_bytes.error());
    header.resize(*header_bytes);
    got = source_->bytes().fill(writer, std::span(header).subspan(*got));
    if (!got) return std::unexpected(got.error());
    header.resize(kNpyBeginningBytes + *got);
    auto read = read_npy_header(header);
    if (!read) return std::unexpected(read.error());
    return std::optional<NpyHeader>(*read);
}

Result<std::optional<FrameLoan>> ArrayFrames::next(FrameWriter& writer) {
    while (true) {
        const auto header = next_header(writer);
        if (!header) return source_->give_up(writer, header.error());
        if (!*header) return std::nullopt;
        const TensorDescription& tensor = (*header)->tensor;
        if (tensor_bytes(tensor) == 0) {
            source_->leave_out({Code::kUsage,
                                fmt::format("{}: {} has no elements, so it is no frame",
                                            source_->name("array"), to_string(tensor)),
                                "", 0});
            continue;
        }
        auto loan = writer.loan(tensor, kForever);
        if (!loan) return source_->give_up_loan(writer, loan.error());
        const auto filled = source_->bytes().fill(writer, loan->bytes());
        if (!filled) return source_->give_up(writer, filled.error());
        if (*filled == loan->bytes().size()) return std::optional<FrameLoan>(std::move(*loan));
        return source_->give_up(writer,
                                {Code::kCorrupt, "it ends in the middle of an array", "", 0});
    }
}

}  // namespace mapferry::cli
