// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): sleeping and waking across processes.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// What rings the bells of sections in memory: layout::kWake...
[[nodiscard]] std::uint32_t native_wake();

// `word` lies in a mapping of map(). Sleeps until it is rung, differs from `seen`, or timeout_ms
// have passed. May return early for no reason, so the caller must look at its own condition
// afterwards. Between processes of two operating systems only the time and that look count.
void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms);
// Sleeps in the same way for about a tenth of a millisecond. Returns at once where the system can't
// wait for so short a time.
void nap_on(std::uint32_t& word, std::uint32_t seen);
// Wakes all sleepers on `word`, which the caller has changed from `before`.
void ring(std::uint32_t& word, std::uint32_t before);
// One step of a spinning wait, with a hint to the processor.
void spin_pause();

}  // namespace mapferry::inline v1::platform
