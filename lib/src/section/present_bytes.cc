// SPDX-License-Identifier: Apache-2.0
#include "section/present_bytes.h"

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/detail/units.h"

namespace mapferry::inline v1 {

namespace {

std::unexpected<Status> has_holes(const MappedSection& section, std::uint64_t bytes) {
    return fail(Code::kCorrupt,
                to_string(section.object.address) + " claims " + format_bytes(bytes) +
                    " where it has holes",
                "if it is a copy, copy it without holes: cp --sparse=never");
}

std::uint64_t offset_of(const Geometry& geometry, std::uint64_t slot) {
    return geometry.payload_offset + slot * geometry.slot_capacity_bytes;
}

}  // namespace

Result<void> PresentBytes::check(const platform::ByteRange& wanted, platform::Unwritten unwritten) {
    if (wanted.begin >= known_.begin && wanted.end <= known_.end) return {};
    TRY_ASSIGN(auto found, platform::present_bytes(section_->object, wanted, unwritten));
    if (found.end < wanted.end) return has_holes(*section_, wanted.end - wanted.begin);
    // Space that is only reserved is accepted for the bytes that were asked for, and not
    // remembered.
    if (unwritten == platform::Unwritten::kIsAHole) known_ = found;
    return {};
}

Result<void> PresentBytes::check(std::uint64_t slot, std::uint64_t bytes) {
    const Geometry& geometry = section_->view.geometry();
    const std::uint64_t begin = offset_of(geometry, slot);
    const platform::ByteRange wanted{.begin = begin, .end = begin + bytes};
    // Messages of a kept section lie side by side, and each slot is read once.
    if (geometry.delivery == Delivery::kKeep) return check(wanted, platform::Unwritten::kIsAHole);
    if (known_bytes_.empty()) known_bytes_.resize(static_cast<std::size_t>(geometry.slot_count));
    std::uint64_t& known = known_bytes_[static_cast<std::size_t>(slot)];
    if (bytes <= known) return {};
    // A frame's writer may have left a part of its loan unwritten. All other bytes were hashed by
    // their writer, so they were written.
    auto checked = check(wanted, carries_frames(geometry.delivery) ? platform::Unwritten::kIsThere
                                                                   : platform::Unwritten::kIsAHole);
    if (checked) known = bytes;
    return checked;
}

Result<void> PresentBytes::check(std::uint64_t slot, const ChunkHoles& holes) {
    const std::uint64_t begin = offset_of(section_->view.geometry(), slot);
    for (std::uint64_t at = 0; at < holes.chunk_bytes;) {
        const ChunkHoles::Part part = holes.part_at(at);
        at = part.end;
        if (part.is_hole) continue;
        auto checked = check({.begin = begin + part.begin, .end = begin + part.end},
                             platform::Unwritten::kIsAHole);
        if (!checked) return checked;
    }
    return {};
}

Result<void> check_present(const MappedSection& section) {
    const Geometry& geometry = section.view.geometry();
    const platform::ByteRange payload{.begin = geometry.payload_offset,
                                      .end = geometry.section_bytes};
    TRY_ASSIGN(auto found,
               platform::present_bytes(section.object, payload, platform::Unwritten::kIsThere));
    if (found.end < payload.end) return has_holes(section, payload.end - payload.begin);
    return {};
}

}  // namespace mapferry::inline v1
