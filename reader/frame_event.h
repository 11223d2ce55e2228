// SPDX-License-Identifier: Apache-2.0
// What a frame says of itself, as an event.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "mapferry/frame.h"

namespace mapferry::cli {

// The event "frame". It contains copies, so that the frame can be given back before it is printed.
[[nodiscard]] nlohmann::json frame_json(const Frame& frame);

}  // namespace mapferry::cli
