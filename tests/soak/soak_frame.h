// SPDX-License-Identifier: Apache-2.0
// The frames of the soak tests carry their own sequence at both ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace mapferry::testing {

// Replaces the sequence in the last frame: readers end.
inline constexpr std::uint64_t kSoakGoodbye = ~std::uint64_t{0};

struct SoakStamp {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

// REQUIRES: 16 bytes or more.
[[nodiscard]] inline SoakStamp soak_stamp_of(std::span<const std::byte> frame) {
    SoakStamp stamp;
    std::memcpy(&stamp.first, frame.data(), sizeof(stamp.first));
    std::memcpy(&stamp.last, frame.last(sizeof(stamp.last)).data(), sizeof(stamp.last));
    return stamp;
}

// Every byte of the frame differs from the same byte of the frame before.
inline void fill_soak_frame(std::span<std::byte> frame, std::uint64_t stamp) {
    std::memset(frame.data(), static_cast<int>(stamp % 251), frame.size());
    std::memcpy(frame.data(), &stamp, sizeof(stamp));
    std::memcpy(frame.last(sizeof(stamp)).data(), &stamp, sizeof(stamp));
}

}  // namespace mapferry::testing
