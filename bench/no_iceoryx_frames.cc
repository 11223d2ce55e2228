// SPDX-License-Identifier: Apache-2.0
// Replaces iceoryx_frames.cc where iceoryx is not installed.
#include "bench/frame_way.h"

namespace mapferry::bench {

void add_iceoryx_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "iceoryx loan", .missing = "not installed"});
    ways.push_back({.name = "iceoryx copy", .kind = Kind::kCopy, .missing = "not installed"});
}

}  // namespace mapferry::bench
