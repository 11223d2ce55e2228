// SPDX-License-Identifier: Apache-2.0
// Unsigned 64-bit arithmetic that reports an overflow. For numbers from outside.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace mapferry::inline v1 {

[[nodiscard]] constexpr std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
    if (b > std::numeric_limits<std::uint64_t>::max() - a) return std::nullopt;
    return a + b;
}

[[nodiscard]] constexpr std::optional<std::uint64_t> checked_multiply(std::uint64_t a,
                                                                      std::uint64_t b) {
    if (a != 0 && b > std::numeric_limits<std::uint64_t>::max() / a) return std::nullopt;
    return a * b;
}

// The next multiple of `unit` (a power of two); REQUIRES: value is at most 2^63.
[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) & ~(unit - 1);
}

[[nodiscard]] constexpr std::uint64_t divide_up(std::uint64_t value, std::uint64_t unit) {
    return value / unit + (value % unit == 0 ? 0 : 1);
}

}  // namespace mapferry::inline v1
