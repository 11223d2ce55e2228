// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): sleeping and waking across processes.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// What rings the bells of sections in memory: layout::kWake...
[[nodiscard]] std::uint32_t native_wake();

// `word` lies in a mapping of map(). Sleeps until it is rung, is not `seen`, or timeout_ms have
// passed; may also return for no reason. Only the caller's own look at its condition counts
// afterwards. Between processes of two operating systems only the time and the look count.
void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms);
// The same for about a tenth of a millisecond; returns at once where the system has no wait so
// short.
void nap_on(std::uint32_t& word, std::uint32_t seen);
// Wakes all who sleep on `word`, which the caller has changed from `before`.
void ring(std::uint32_t& word, std::uint32_t before);
// One step of a spinning wait: tells the processor so.
void spin_pause();

}  // namespace mapferry::inline v1::platform
