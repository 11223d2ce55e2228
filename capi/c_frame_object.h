// SPDX-License-Identifier: Apache-2.0
// What a mapferry_frame is, for the calls that make frames and those that use them.
#pragma once

#include <optional>
#include <string>

#include "capi/c_call.h"
#include "mapferry/frame.h"

struct mapferry_frame {
    // Set while the caller has the frame.
    std::optional<mapferry::Frame> frame;
    // Names, made when they are asked for.
    mutable std::string format = {};
    mutable std::string tensor_type = {};
    mutable std::string content_type = {};
};
