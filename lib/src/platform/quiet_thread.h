// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): a thread that the program does not notice.
#pragma once

#include <functional>
#include <thread>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// Starts a thread for `run`, which must not throw. The thread receives none of the program's
// signals (Linux: except those of its own faults, such as SIGBUS, which fault_guard.h turns into
// errors). kSystem: the system has no more threads.
[[nodiscard]] Result<std::thread> quiet_thread(std::function<void()> run);

}  // namespace mapferry::inline v1::platform
