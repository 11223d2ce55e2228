// SPDX-License-Identifier: Apache-2.0
// What a mapferry_frame is, for the calls that make frames and those that use them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capi/c_call.h"
#include "mapferry/frame.h"

namespace mapferry::capi {

struct FrameNames {
    std::string format = {};
    std::string tensor_type = {};
    std::string content_type = {};
};

// Frames are taken and given back many thousand times a second, so one object that no frame uses is
// kept for the next frame, of whichever reader and thread.
struct GiveBack {
    void operator()(mapferry_frame* frame) const noexcept;
};
using FrameObject = std::unique_ptr<mapferry_frame, GiveBack>;
[[nodiscard]] FrameObject empty_frame();

}  // namespace mapferry::capi

struct mapferry_frame {
    // Set while the caller has the frame.
    std::optional<mapferry::Frame> frame;
    // Made when one of them is asked for.
    mutable std::unique_ptr<mapferry::capi::FrameNames> names = {};
};
