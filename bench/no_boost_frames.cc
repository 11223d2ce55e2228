// SPDX-License-Identifier: Apache-2.0
// Replaces boost_frames.cc where Boost.Interprocess is not installed.
#include "bench/frame_way.h"

namespace mapferry::bench {

void add_boost_ways(std::vector<FrameWay>& ways) {
    for (const char* const name : {"Boost message_queue", "Boost mapped_region and semaphores"})
        ways.push_back({.name = name, .kind = Kind::kCopy, .missing = "not installed"});
}

}  // namespace mapferry::bench
