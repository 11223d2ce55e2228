// SPDX-License-Identifier: Apache-2.0
// The questions of mapferry-bench-frames: "hand-over" (a frame is made in place), "frames-paced"
// (frames are copied from the sender's memory, one after the other) and "frames-flat-out".
#pragma once

#include <vector>

#include "bench/bench_rounds.h"

namespace mapferry::bench {

struct FrameCases {
    std::vector<Case> cases = {};
    std::vector<SkippedWay> skipped = {};
};

// All cases of this level. Each run of a way starts two processes of this program.
[[nodiscard]] FrameCases frame_cases(Level level);

}  // namespace mapferry::bench
