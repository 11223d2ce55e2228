// SPDX-License-Identifier: Apache-2.0
#include "console/look/seen_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/messages.h"
#include "cli/notes_text.h"
#include "cli/short_names.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

namespace {

// The whole payload; each block of it was verified.
Result<std::vector<std::byte>> read_payload(Reader& reader) {
    std::vector<std::byte> bytes;
    while (true) {
        auto block = reader.read();
        if (!block) return std::unexpected(block.error());
        if (block->empty()) return bytes;
        if (bytes.size() + block->size() > kPictureFileBytesMax)
            return fail(Code::kCorrupt, "the picture file is too large to be looked at",
                        "receive it: mapferry receive -o FILE");
        bytes.insert(bytes.end(), block->begin(), block->end());
    }
}

Result<SeenPicture> decode_payload(Reader& reader, const PayloadInfo& info, Sandbox sandbox,
                                   const std::atomic<int>& stop) {
    auto file = read_payload(reader);
    if (!file) return std::unexpected(file.error());
    auto image = decode_apart(*file, sandbox, stop);
    if (!image) return std::unexpected(image.error());
    const std::string what =
        display_name(info) + ", " + to_string(info.image.value_or(image->description()));
    return SeenPicture{.image = std::move(*image), .what = what};
}

}  // namespace

Result<SeenPicture> see_frame(const Frame& frame, Sandbox sandbox, const std::atomic<int>& stop) {
    const auto& shape = frame.image();
    if (!shape)
        return fail(Code::kUsage, "the frames don't say what they show",
                    "give the writer --image WIDTHxHEIGHT:FORMAT");
    std::vector<std::byte> copy(frame.bytes().size());
    if (auto copied = frame.copy_to(copy); !copied) return std::unexpected(copied.error());
    Result<Image> image = fail(Code::kUsage, "");
    if (shape->row_stride_bytes == 0) {
        image = decode_apart(copy, sandbox, stop);
    } else {
        auto view = ImageView::make(*shape, copy);
        image = view ? Image::allocate(*shape) : std::unexpected(view.error());
        if (image) std::ranges::copy(view->bytes(), image->bytes().begin());
    }
    if (!image) return std::unexpected(image.error());
    std::string what = fmt::format("{}, frame {}", to_string(*shape), frame.sequence());
    if (const auto latency_ns = frame.latency_ns())
        what += ", latency " + latency_text(*latency_ns);
    return SeenPicture{.image = std::move(*image), .what = what, .sequence = frame.sequence()};
}

Result<SeenPicture> see_kept_picture(const SectionAddress& address, const Timeout& timeout,
                                     Sandbox sandbox, const std::atomic<int>& stop) {
    // A reader of a stream would take part in it, and take payloads meant for another reader.
    auto report = inspect_section(address);
    if (!report) return std::unexpected(report.error());
    if (report->section.delivery == Delivery::kBuffer)
        return fail(Code::kUsage, to_string(address) + " is a buffer",
                    "read it with mapferry receive --buffer; view shows frames and kept pictures");
    if (report->section.delivery != Delivery::kKeep)
        return fail(Code::kUsage, to_string(address) + " carries files as they pass",
                    "receive them with mapferry receive; view shows frames and kept pictures");
    auto reader = Reader::open({.address = address, .timeout = timeout, .stop = &stop});
    if (!reader) return std::unexpected(reader.error());
    while (true) {
        auto info = reader->next();
        if (!info) return std::unexpected(info.error());
        if (!*info)
            return fail(Code::kUsage, to_string(address) + " holds no picture",
                        "mapferry info shows what it holds");
        // The writer's claim that the file is a picture proves nothing; the decoder decides.
        if (!(*info)->is_text) return decode_payload(*reader, **info, sandbox, stop);
        reader->leave_out(Code::kUsage);
    }
}

}  // namespace mapferry::cli
