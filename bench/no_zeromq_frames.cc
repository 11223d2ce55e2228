// SPDX-License-Identifier: Apache-2.0
// Replaces zeromq_frames.cc where ZeroMQ is not installed.
#include "bench/frame_way.h"

namespace mapferry::bench {

void add_zeromq_ways(std::vector<FrameWay>& ways) {
    ways.push_back({.name = "ZeroMQ ipc", .kind = Kind::kCopy, .missing = "not installed"});
}

}  // namespace mapferry::bench
