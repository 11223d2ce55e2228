// SPDX-License-Identifier: Apache-2.0
// The pool that mapferrysink offers upstream: its buffers are slots of the section, so that the
// element upstream draws where readers look.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "gstreamer/frame_sender.h"

namespace mapferry::gstreamer {

// A new pool, which the caller owns. Its buffers outlive the sink: they hold the sender. Where no
// slot is free, it gives ordinary memory, which the sink copies.
[[nodiscard]] GstBufferPool* make_loan_pool(std::shared_ptr<FrameSender> sender);

}  // namespace mapferry::gstreamer
