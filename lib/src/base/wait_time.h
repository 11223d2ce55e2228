// SPDX-License-Identifier: Apache-2.0
// A public Timeout as a number of milliseconds. A caller may give any 64-bit number: within these
// bounds it can be turned into nanoseconds and added to any clock, and nothing overflows.
#pragma once

#include <algorithm>
#include <cstdint>

#include "mapferry/timeout.h"

namespace mapferry::inline v1 {

// A hundred years: for ever, for all that waits.
inline constexpr std::int64_t kLongestMs = std::int64_t{100} * 366 * 86'400 * 1000;

// Every wait takes its timeout through this. A negative one means no time at all.
[[nodiscard]] constexpr std::int64_t bounded_ms(std::int64_t timeout_ms) {
    return std::clamp<std::int64_t>(timeout_ms, 0, kLongestMs);
}

[[nodiscard]] constexpr std::int64_t to_ms(const Timeout& timeout) {
    return timeout ? bounded_ms(timeout->count()) : kLongestMs;
}

}  // namespace mapferry::inline v1
