// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): how many threads can run at once.
#pragma once

#include <cstddef>

namespace mapferry::inline v1::platform {

// The processors that this process may use; at least 1. Linux: those of its affinity, or fewer
// where a cgroup limits its time (cpu.max). Windows: those of its affinity, in its processor group.
// Asks the system each time.
[[nodiscard]] std::size_t usable_processors();

}  // namespace mapferry::inline v1::platform
