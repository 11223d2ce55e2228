// SPDX-License-Identifier: Apache-2.0
// The flag by which a signal asks a command to end.
#pragma once

#include <atomic>

#include "cli/short_names.h"
#include "mapferry/status.h"

namespace mapferry::cli {

[[nodiscard]] inline bool is_stopped(const std::atomic<int>& stop) {
    // relaxed: the flag alone is the message; it is raised by a signal handler of this process
    return stop.load(std::memory_order_relaxed) != 0;
}

// How a command ends that finds the flag raised.
[[nodiscard]] inline std::unexpected<Status> interrupted() {
    return fail(Code::kInterrupted, "interrupted");
}

}  // namespace mapferry::cli
