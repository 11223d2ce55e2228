// SPDX-License-Identifier: Apache-2.0
// Memory for the next message of a section that grows as it is filled.
#include <algorithm>

#include "base/checked_math.h"
#include "base/try.h"
#include "mapferry/detail/units.h"
#include "platform/space.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

namespace {

// A kept section of unknown size reserves slots in steps of this size.
constexpr std::uint64_t kReserveStepBytes = std::uint64_t{4} << 20;

// The error of a kept section whose last slot is filled.
Status no_slot_left(const MappedSection& section, std::uint64_t needed_bytes) {
    const SectionAddress& address = section.object.address;
    const auto space = platform::space_at(address);
    // Usually the section was made as large as all the space there was, so space is what is
    // missing.
    if (!space || space->free_bytes < needed_bytes)
        return platform::out_of_space(address, needed_bytes);
    return {Code::kIo,
            to_string(address) + " is full: it was made for " +
                format_bytes(section.view.geometry().section_bytes),
            "send a file, whose size is known beforehand", 0, Remedy::kSendAsStream};
}

}  // namespace

// A part of a section that grows in steps.
struct Writer::Impl::Room {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t step_bytes = 0;
};

// Makes a part of the section safe to touch. Reserves to the end of the part's last step.
Result<void> Writer::Impl::reserve_part(std::uint64_t& reserved_to, const platform::ByteRange& part,
                                        const Room& room) {
    if (part.begin == part.end || part.end <= reserved_to) return {};
    const std::uint64_t steps = divide_up(part.end - room.begin, room.step_bytes);
    const std::uint64_t begin = std::max(part.begin, reserved_to);
    const std::uint64_t end = std::min(room.begin + steps * room.step_bytes, room.end);
    TRY(platform::reserve(section.object, begin, end - begin));
    reserved_to = end;
    return {};
}

// In a section that grows: reserves the descriptors of the next `slots` messages, which are to hold
// `bytes`.
Result<void> Writer::Impl::reserve_descriptors(std::uint64_t slots, std::uint64_t bytes) {
    if (growth == Growth::kNone) return {};
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t next = ring.next_sequence();
    if (next >= geometry.slot_count)
        return std::unexpected(no_slot_left(section, std::max(bytes, kReserveStepBytes)));
    const std::uint64_t begin = geometry.slots_offset + next * sizeof(layout::Slot);
    return reserve_part(
        descriptors_reserved_to,
        {.begin = begin, .end = begin + std::max<std::uint64_t>(slots, 1) * sizeof(layout::Slot)},
        {.begin = geometry.slots_offset,
         .end = geometry.payload_offset,
         .step_bytes = layout::kPageBytes});
}

// In a section that grows: reserves the next message's descriptor, and `bytes` behind the filled
// ones of its slot, or of several slots.
Result<void> Writer::Impl::reserve_next(std::uint64_t bytes) {
    if (growth == Growth::kNone) return {};
    const Geometry& geometry = section.view.geometry();
    const std::uint64_t filled = payload.chunk.filled_bytes;
    TRY(reserve_descriptors(divide_up(filled + bytes, geometry.slot_capacity_bytes), bytes));
    const std::uint64_t begin =
        geometry.payload_offset + ring.next_sequence() * geometry.slot_capacity_bytes + filled;
    return reserve_part(
        payload_reserved_to, {.begin = begin, .end = begin + bytes},
        {.begin = geometry.payload_offset,
         .end = geometry.section_bytes,
         .step_bytes = growth == Growth::kAhead ? kReserveStepBytes : layout::kPageBytes});
}

// The next message's slot, of which the caller may touch `bytes`.
Result<std::span<std::byte>> Writer::Impl::acquire(std::uint64_t bytes, std::uint64_t slots) {
    if (keeps() && !peers.is_found_by_name()) return name_was_taken_away(section.object);
    TRY(reserve_next(bytes));
    return ring.acquire(slots);
}

}  // namespace mapferry::inline v1
