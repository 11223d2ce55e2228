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

}  // namespace mapferry::capi

struct mapferry_frame {
    // Set while the caller has the frame.
    std::optional<mapferry::Frame> frame;
    // Made when one of them is asked for.
    mutable std::unique_ptr<mapferry::capi::FrameNames> names = {};
};
