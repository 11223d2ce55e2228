// SPDX-License-Identifier: Apache-2.0
// The places and sizes of a section's parts.
#pragma once

#include <cstdint>

#include "format/frame_layout.h"
#include "mapferry/section_info.h"

namespace mapferry::inline v1 {

// Every number a process needs to find its way in a section. Offsets are from the section's first
// byte; a validated Geometry lies wholly inside section_bytes.
struct Geometry {
    Delivery delivery = Delivery::kStream;
    std::uint32_t reader_limit = 0;
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;
    std::uint64_t readers_offset = 0;
    std::uint64_t slots_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t section_bytes = 0;
    std::uint64_t buffer_bytes = 0;  // kBuffer: its size, which its one slot has room for

    friend bool operator==(const Geometry&, const Geometry&) = default;
};

[[nodiscard]] constexpr std::uint64_t descriptors_end(const Geometry& geometry) {
    return geometry.slots_offset + geometry.slot_count * sizeof(layout::Slot);
}
// Frames: the area of the description with this version, behind the descriptors.
[[nodiscard]] constexpr std::uint64_t description_offset(const Geometry& geometry,
                                                         std::uint64_t version) {
    return descriptors_end(geometry) +
           version % layout::kDescriptionAreas * layout::kDescriptionAreaBytes;
}

// What the users of the library may know of it.
[[nodiscard]] constexpr SectionInfo section_info_of(const Geometry& geometry) {
    return {.delivery = geometry.delivery,
            .reader_limit = geometry.reader_limit,
            .slot_count = geometry.slot_count,
            .slot_capacity_bytes = geometry.slot_capacity_bytes,
            .section_bytes = geometry.section_bytes,
            .buffer_bytes = geometry.buffer_bytes};
}

}  // namespace mapferry::inline v1
