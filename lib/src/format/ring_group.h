// SPDX-License-Identifier: Apache-2.0
// The number of messages that are handed over, released and woken for together.
#pragma once

#include <algorithm>
#include <cstdint>

#include "format/geometry.h"

namespace mapferry::inline v1 {

// A quarter of the ring, so that both sides stay busy, and at most about 4 MiB. One wake costs the
// ringer about 30 us, and a slot that the reader has just left is slow to refill
// (docs/decisions/0002-ring-geometry.md).
[[nodiscard]] inline std::uint64_t group_messages(const Geometry& geometry) {
    constexpr std::uint64_t kGroupBytes = std::uint64_t{4} << 20;
    return std::max<std::uint64_t>(
        std::min(kGroupBytes / geometry.slot_capacity_bytes, geometry.slot_count / 4), 1);
}

}  // namespace mapferry::inline v1
