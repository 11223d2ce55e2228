// SPDX-License-Identifier: Apache-2.0
// One round of one way: its two processes, its folder, and what it leaves behind.
#pragma once

#include <string>

#include "bench/frame_roles.h"
#include "bench/frame_way.h"

namespace mapferry::bench {

struct RoundEnd {
    int exit_code = 0;  // kWrongBytes: a frame came with wrong bytes
    std::string printed = {};
};

// Runs both processes from their start to their end. What they leave is removed, also when this
// process gives up meanwhile. Gives up when a process fails for another reason than wrong bytes.
[[nodiscard]] RoundEnd run_processes(const FrameWay& way, Round round);

}  // namespace mapferry::bench
