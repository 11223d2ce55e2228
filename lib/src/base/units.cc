// SPDX-License-Identifier: Apache-2.0
#include "mapferry/detail/units.h"

#include <array>
#include <cstddef>

namespace mapferry::inline v1 {

std::string format_bytes(std::uint64_t bytes) {
    constexpr std::array<const char*, 7> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return std::to_string(bytes) + " B";
    std::size_t unit = 0;
    std::uint64_t whole = bytes;
    std::uint64_t rest = 0;
    while (whole >= 1024 && unit + 1 < kUnits.size()) {
        rest = whole % 1024;
        whole /= 1024;
        ++unit;
    }
    return std::to_string(whole) + "." + std::to_string(rest * 10 / 1024) + " " + kUnits[unit];
}

}  // namespace mapferry::inline v1
