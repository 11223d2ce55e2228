// SPDX-License-Identifier: Apache-2.0
#include "console/serve/kept_payloads.h"

#include <algorithm>

#include "cli/short_names.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/shared_buffer.h"

namespace mapferry::cli {

namespace {

// A reader of a stream would take part in it, and take payloads meant for another reader.
Result<void> check_kept(const SectionAddress& address) {
    const auto report = inspect_section(address);
    if (!report) return std::unexpected(report.error());
    if (report->section.delivery == Delivery::kKeep) return {};
    return fail(Code::kUsage, to_string(address) + " is not kept");
}

struct KeptPayload {
    PayloadInfo info;
    std::string bytes;
};

Result<std::string> read_bytes(Reader& reader, std::uint64_t bytes_max) {
    std::string bytes;
    while (bytes.size() < bytes_max) {
        const auto block = reader.read();
        if (!block) return std::unexpected(block.error());
        if (block->empty()) break;
        const std::size_t count = std::min<std::uint64_t>(block->size(), bytes_max - bytes.size());
        bytes.append(reinterpret_cast<const char*>(block->data()), count);
    }
    return bytes;
}

Result<KeptPayload> read_payload(const SectionAddress& address, std::uint64_t index,
                                 const ByteRange& range, const std::atomic<int>& stop) {
    if (auto kept = check_kept(address); !kept) return std::unexpected(kept.error());
    auto reader =
        Reader::open({.address = address, .timeout = std::chrono::milliseconds(0), .stop = &stop});
    if (!reader) return std::unexpected(reader.error());
    while (true) {
        auto info = reader->try_next();
        if (!info) return std::unexpected(info.error());
        if (!*info) return fail(Code::kNotFound, "there is no such payload yet");
        if ((*info)->payload_index == index) {
            auto bytes = read_bytes(*reader, range.bytes_max);
            if (!bytes) return std::unexpected(bytes.error());
            return KeptPayload{.info = std::move(**info), .bytes = std::move(*bytes)};
        }
        reader->leave_out(Code::kUsage);
    }
}

}  // namespace

Result<std::string> kept_bytes(const SectionAddress& address, std::uint64_t index,
                               const ByteRange& range, const std::atomic<int>& stop) {
    auto payload = read_payload(address, index, range, stop);
    if (!payload) return std::unexpected(payload.error());
    return std::move(payload->bytes);
}

Result<std::shared_ptr<SeenFrame>> kept_picture(const SectionAddress& address, std::uint64_t index,
                                                Sandbox sandbox, MemoryBudget& budget,
                                                const std::atomic<int>& stop) {
    const auto payload =
        read_payload(address, index, {.bytes_max = kPictureFileBytesMax + 1}, stop);
    if (!payload) return std::unexpected(payload.error());
    const auto image = decode_apart(std::as_bytes(std::span(payload->bytes)), sandbox, stop);
    if (!image) return std::unexpected(image.error());
    return SeenFrame::of_picture(*image, {.id = next_frame_id(), .name = payload->info.name},
                                 budget);
}

Result<std::string> buffer_bytes(const SectionAddress& address, const ByteRange& range) {
    const auto buffer = SharedBuffer::open({.address = address, .access = BufferAccess::kReadOnly});
    if (!buffer) return std::unexpected(buffer.error());
    std::string bytes(range.bytes_max, '\0');
    const auto count =
        buffer->read_unlocked(range.offset_bytes, std::as_writable_bytes(std::span(bytes)));
    if (!count) return std::unexpected(count.error());
    bytes.resize(*count);
    return bytes;
}

}  // namespace mapferry::cli
