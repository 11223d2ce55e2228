// SPDX-License-Identifier: Apache-2.0
// A frame as a buffer: its bytes stay where they are, and the buffer holds the lease.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <memory>

#include "mapferry/frame.h"

namespace mapferry::gstreamer {

// The frames that buffers downstream still hold.
using LeaseCount = std::shared_ptr<std::atomic<unsigned>>;

// A new buffer over the frame's bytes, read-only. The lease ends with its memory, in any thread.
[[nodiscard]] GstBuffer* lease_as_buffer(Frame frame, const LeaseCount& held);

// A new buffer with a copy of the bytes, which is verified where the frame has a checksum; the
// lease ends now. kCorrupt, kIo: see Frame::copy_to(); kOutOfMemory.
[[nodiscard]] Result<GstBuffer*> copy_as_buffer(const Frame& frame);

}  // namespace mapferry::gstreamer
