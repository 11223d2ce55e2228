// SPDX-License-Identifier: Apache-2.0
#include "writer/y4m_frames.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "cli/short_names.h"

namespace mapferry::cli {

Result<void> look_at_y4m(const std::string& path, std::string_view beginning) {
    const auto header = parse_y4m_header(beginning.substr(0, beginning.find('\n')));
    if (header) return {};
    Status status = header.error();
    status.message = shown_source(path) + ": " + status.message;
    return std::unexpected(std::move(status));
}

// The next line, without its end; empty at the source's end. Ordinary lines of frames come with one
// read, longer ones byte by byte, because the frame behind them is not to be read here.
Result<std::optional<std::string>> Y4mFrames::next_line(FrameWriter& writer) {
    std::string line(kY4mFrameLine.size(), '\0');
    std::size_t begin = 0;
    while (true) {
        auto got =
            source_->bytes().fill(writer, std::as_writable_bytes(std::span(line).subspan(begin)));
        if (!got) return std::unexpected(got.error());
        if (*got == 0 && begin == 0) return std::nullopt;
        if (*got < line.size() - begin)
            return fail(Code::kCorrupt, "it ends in the middle of a line");
        if (line.back() == '\n') break;
        begin = line.size();
        if (begin == kY4mLineBytesMax) return fail(Code::kCorrupt, "one of its lines has no end");
        line.push_back('\0');
    }
    line.pop_back();
    return line;
}

// Reads the first line and passes on what it says. A rate of the command line counts more.
Result<void> Y4mFrames::begin(FrameWriter& writer) {
    const auto line = next_line(writer);
    if (!line) return std::unexpected(line.error());
    auto header = parse_y4m_header(line->value_or(""));
    if (!header) return std::unexpected(header.error());
    const Ratio& rate = source_->state().command->frame_rate;
    if (rate.denominator != 0) header->facts.frame_rate = rate;
    stream_ = *header;
    return writer.set_facts(stream_->facts);
}

// Reads the line before a frame. False: the video has ended.
Result<bool> Y4mFrames::begin_frame(FrameWriter& writer) {
    if (!stream_)
        if (auto begun = begin(writer); !begun) return std::unexpected(begun.error());
    const auto line = next_line(writer);
    if (!line) return std::unexpected(line.error());
    if (*line && !is_y4m_frame_line(**line))
        return fail(Code::kCorrupt, fmt::format("no frame follows frame {}", source_->pieces()));
    return line->has_value();
}

Result<std::optional<FrameLoan>> Y4mFrames::next(FrameWriter& writer) {
    const auto begun = begin_frame(writer);
    if (!begun) return source_->give_up(writer, begun.error());
    if (!*begun) return std::nullopt;
    source_->begin_piece();
    auto loan = writer.loan(stream_->image, kForever);
    if (!loan) return source_->give_up_loan(writer, loan.error());
    const auto filled = source_->bytes().fill(writer, loan->bytes());
    if (!filled) return source_->give_up(writer, filled.error());
    if (*filled == loan->bytes().size()) return std::optional<FrameLoan>(std::move(*loan));
    return source_->give_up(
        writer, {Code::kCorrupt,
                 fmt::format("it ends in the middle of frame {}", source_->pieces()), "", 0});
}

}  // namespace mapferry::cli
