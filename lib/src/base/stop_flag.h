// SPDX-License-Identifier: Apache-2.0
// The flag by which a program asks the library's waits to end. A signal handler may raise it.
#pragma once

#include <atomic>

#include "base/fail.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// relaxed: the flag alone is the message; it is raised by a signal handler of this process
[[nodiscard]] inline bool stop_requested(const std::atomic<int>* stop) {
    return stop != nullptr && stop->load(std::memory_order_relaxed) != 0;
}

[[nodiscard]] inline Result<void> check_stop(const std::atomic<int>* stop) {
    if (stop_requested(stop)) return fail(Code::kInterrupted, "interrupted");
    return {};
}

}  // namespace mapferry::inline v1
