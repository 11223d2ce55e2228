// SPDX-License-Identifier: Apache-2.0
/// \file
/// The delivery of a section, and its sizes.
///
///     // Whether a message of this size can pass in one piece.
///     bool fits_a_slot(const mapferry::SectionInfo& section, std::uint64_t message_bytes) {
///         return section.delivery != mapferry::Delivery::kBuffer &&
///                message_bytes <= section.slot_capacity_bytes;
///     }
#pragma once

#include <cstdint>
#include <string_view>

namespace mapferry::inline v1 {

inline constexpr std::uint32_t kReaderLimit = 64;  ///< most readers at a time
inline constexpr std::uint64_t kSlotCountMax = std::uint64_t{1} << 32;

/// What a section is for: see StreamDelivery, FrameDelivery and SharedBuffer.
enum class Delivery : std::uint32_t {
    kStream = 1,
    kKeep = 2,
    kLatest = 3,
    kEach = 4,
    kBuffer = 5,  ///< see shared_buffer.h
};

/// "stream", "keep", "latest", "each" or "buffer".
[[nodiscard]] std::string_view delivery_name(Delivery delivery);

/// Whether FrameReader reads it, not Reader.
[[nodiscard]] constexpr bool carries_frames(Delivery delivery) {
    return delivery == Delivery::kLatest || delivery == Delivery::kEach;
}

/// Facts that do not change during the life of a section. An object that was moved from returns
/// zero for all sizes.
struct SectionInfo {
    Delivery delivery = Delivery::kStream;
    std::uint32_t reader_limit = 0;  ///< most readers at a time
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;  ///< the largest message or frame
    std::uint64_t section_bytes = 0;        ///< address space, not memory: see SectionReport
    std::uint64_t buffer_bytes = 0;         ///< kBuffer: the requested size

    friend bool operator==(const SectionInfo&, const SectionInfo&) = default;
};

}  // namespace mapferry::inline v1
