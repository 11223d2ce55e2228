// SPDX-License-Identifier: Apache-2.0
/// \file
/// How a section delivers, and the sizes of its parts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mapferry::inline v1 {

inline constexpr std::uint32_t kReaderLimit = 64;  ///< most readers at a time
inline constexpr std::uint64_t kSlotCountMax = std::uint64_t{1} << 32;

enum class Delivery : std::uint32_t {
    kStream = 1,
    kKeep = 2,
    kLatest = 3,
    kEach = 4,
    kBuffer = 5,  ///< see shared_buffer.h
};

/// "stream", "keep", "latest", "each" or "buffer".
[[nodiscard]] std::string_view delivery_name(Delivery delivery);

[[nodiscard]] constexpr bool carries_frames(Delivery delivery) {
    return delivery == Delivery::kLatest || delivery == Delivery::kEach;
}

/// Every number a process needs to find its way in a section. Offsets are from the section's first
/// byte; a validated Geometry lies wholly inside section_bytes.
struct Geometry {
    Delivery delivery = Delivery::kStream;
    std::uint32_t reader_limit = 0;
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;
    std::uint64_t readers_offset = 0;
    std::uint64_t slots_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t section_bytes = 0;
    std::uint64_t buffer_bytes = 0;  ///< kBuffer: its size, which its one slot has room for

    friend bool operator==(const Geometry&, const Geometry&) = default;
};

/// What is known beforehand of the payloads that will pass. For sizing only: sending more than
/// announced is allowed in a stream and fails in keep when the slots run out.
struct Workload {
    std::span<const std::uint64_t> known_bytes = {};  ///< one size for each payload of known size
    std::uint64_t unknown_count = 0;                  ///< payloads whose size only their end tells
    std::uint64_t space_bytes = 0;  ///< what the backing can give: bounds keep with unknown sizes
    /// Of the known payloads, what is in no hole, where one has holes: keep takes no more memory.
    std::optional<std::uint64_t> stored_bytes = {};
};

}  // namespace mapferry::inline v1
