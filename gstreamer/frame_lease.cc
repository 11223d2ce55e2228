// SPDX-License-Identifier: Apache-2.0
#include "gstreamer/frame_lease.h"

#include <utility>

namespace mapferry::gstreamer {

namespace {

struct Lease {
    Frame frame;
    LeaseCount held;
};

void end_lease(gpointer lease) {
    const std::unique_ptr<Lease> ended(static_cast<Lease*>(lease));
    // relaxed: only the number counts
    ended->held->fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace

GstBuffer* lease_as_buffer(Frame frame, const LeaseCount& held) {
    auto lease = std::make_unique<Lease>(Lease{.frame = std::move(frame), .held = held});
    const std::span<const std::byte> bytes = lease->frame.bytes();
    // relaxed: only the number counts
    held->fetch_add(1, std::memory_order_relaxed);
    GstBuffer* const buffer = gst_buffer_new();
    // The memory is mapped read-only and marked so: elements that want to write make a copy.
    gst_buffer_append_memory(
        buffer,
        gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, const_cast<std::byte*>(bytes.data()),
                               bytes.size(), 0, bytes.size(), lease.release(), end_lease));
    return buffer;
}

Result<GstBuffer*> copy_as_buffer(const Frame& frame) {
    GstBuffer* const buffer = gst_buffer_new_allocate(nullptr, frame.bytes().size(), nullptr);
    GstMapInfo map = {};
    if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_WRITE) == FALSE) {
        if (buffer != nullptr) gst_buffer_unref(buffer);
        return std::unexpected(
            Status{Code::kOutOfMemory,
                   "no memory for a frame of " + std::to_string(frame.bytes().size()) + " bytes"});
    }
    auto copied = frame.copy_to(std::as_writable_bytes(std::span(map.data, map.size)));
    gst_buffer_unmap(buffer, &map);
    if (copied) return buffer;
    gst_buffer_unref(buffer);
    return std::unexpected(copied.error());
}

}  // namespace mapferry::gstreamer
