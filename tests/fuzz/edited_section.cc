// SPDX-License-Identifier: Apache-2.0
#include "fuzz/edited_section.h"

#include <algorithm>
#include <array>

#include "mapferry/detail/hash.h"

namespace mapferry::testing {

namespace {

constexpr std::uint64_t kWordBytes = sizeof(std::uint64_t);
constexpr unsigned kEditsMax = 8;

struct Area {
    std::uint64_t offset;
    std::uint64_t bytes;
};

Area anywhere(const Geometry& geometry, unsigned choice) {
    switch (choice % 8) {
        case 0:
            return {layout::kWriterLineOffset, sizeof(layout::WriterLine)};
        case 1:
            return {layout::kReadersBellOffset, 2 * layout::kLineBytes};
        case 2:
            return {layout::kFrameLineOffset, layout::kLineBytes};
        case 3:
            return {layout::kAdmissionsOffset, 4 * sizeof(layout::Admission)};
        case 4:
            return {layout::kBoardOffset, sizeof(layout::Board)};
        case 5:
            return {geometry.readers_offset, geometry.slots_offset - geometry.readers_offset};
        case 6:
            return {geometry.slots_offset, geometry.slot_count * sizeof(layout::Slot)};
        default:
            return {geometry.payload_offset, geometry.slot_count * geometry.slot_capacity_bytes};
    }
}

Area of_other_readers(const Geometry& geometry, unsigned choice) {
    if (choice % 8 == 0) return {layout::kReadersBellOffset, 2 * layout::kLineBytes};
    const std::uint64_t first = geometry.readers_offset + sizeof(layout::ReaderLine);
    return {first, geometry.slots_offset - first};
}

// Chooses numbers that are wrong in an interesting way more often than chance would.
std::uint64_t pick_value(FuzzInput& input, std::uint64_t old) {
    const auto how = input.take<std::uint8_t>();
    switch (how % 8) {
        case 0:
            return input.take<std::uint64_t>();
        case 1:
            return input.take<std::uint16_t>();
        case 2:
            return old +
                   static_cast<std::uint64_t>(static_cast<std::int64_t>(input.take<std::int8_t>()));
        case 3:
            return old ^ std::uint64_t{1} << (input.take<std::uint8_t>() % 64);
        case 4:
            return ~std::uint64_t{0} - input.take<std::uint8_t>();
        case 5:
            return std::uint64_t{1} << (input.take<std::uint8_t>() % 64);
        case 6:
            return std::uint64_t{input.take<std::uint16_t>()} << 8 | layout::kPhaseWaiting;
        default:
            return 0;
    }
}

}  // namespace

std::uint64_t* EditedSection::word(std::uint64_t offset) const {
    return reinterpret_cast<std::uint64_t*>(section_.bytes().data() + offset);
}

void EditedSection::remember() {
    const Geometry& geometry = section_.geometry();
    const auto control = section_.bytes().first(static_cast<std::size_t>(
        geometry.slots_offset + geometry.slot_count * sizeof(layout::Slot)));
    control_.assign(control.begin(), control.end());
}

std::uint64_t EditedSection::pick_offset(FuzzInput& input, EditReach reach) const {
    const auto choice = input.take<std::uint8_t>();
    const Area area = reach == EditReach::kAnything ? anywhere(section_.geometry(), choice)
                                                    : of_other_readers(section_.geometry(), choice);
    return area.offset + input.take<std::uint16_t>() * kWordBytes % area.bytes;
}

void EditedSection::set(std::uint64_t offset, std::uint64_t value) {
    if (offset >= control_.size()) changes_.push_back({.offset = offset, .old = *word(offset)});
    *word(offset) = value;
}

// Does what a forger does: a wrong descriptor with a right checksum.
void EditedSection::reseal(FuzzInput& input) {
    const std::uint64_t slot = input.take<std::uint8_t>() % section_.geometry().slot_count;
    layout::Slot& descriptor = section_.view().slot_at(slot);
    if (input.take<std::uint8_t>() % 2 == 0) {
        const std::uint64_t bytes =
            std::min(descriptor.bytes, section_.geometry().slot_capacity_bytes);
        descriptor.xxh3 =
            xxh3_64(section_.view().payload_at(slot).first(static_cast<std::size_t>(bytes)));
    }
    section_.reseal_slot(slot);
}

void EditedSection::edit(FuzzInput& input, EditReach reach) {
    for (unsigned left = input.take<std::uint8_t>() % (kEditsMax + 1); left > 0; --left) {
        const std::uint64_t offset = pick_offset(input, reach);
        set(offset, pick_value(input, *word(offset)));
        if (reach == EditReach::kAnything && input.take<std::uint8_t>() % 2 != 0) reseal(input);
    }
}

void EditedSection::restore() {
    std::ranges::copy(control_, section_.bytes().begin());
    for (; !changes_.empty(); changes_.pop_back())
        *word(changes_.back().offset) = changes_.back().old;
}

bool EditedSection::holds(std::span<const std::byte> bytes) const {
    const Geometry& geometry = section_.geometry();
    const std::byte* const first = section_.bytes().data() + geometry.payload_offset;
    const std::byte* const last = section_.bytes().data() + geometry.section_bytes;
    return bytes.size() <= geometry.slot_capacity_bytes && bytes.data() >= first &&
           bytes.data() + bytes.size() <= last;
}

}  // namespace mapferry::testing
