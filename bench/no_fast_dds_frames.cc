// SPDX-License-Identifier: Apache-2.0
// Replaces fast_dds_frames.cc where Fast-DDS is not installed.
#include "bench/frame_way.h"

namespace mapferry::bench {

void add_fast_dds_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "Fast-DDS loan", .missing = "not installed"});
    ways.push_back({.name = "Fast-DDS copy", .kind = Kind::kCopy, .missing = "not installed"});
}

}  // namespace mapferry::bench
