// SPDX-License-Identifier: Apache-2.0
#include "support/heap_section.h"

#include <algorithm>

#include "format/ident.h"
#include "format/shared_access.h"
#include "mapferry/detail/hash.h"

namespace mapferry::testing {

namespace {

// The alignment that a mapping has on every system.
constexpr std::align_val_t kAlign{layout::kViewAlignBytes};

}  // namespace

void HeapSection::Free::operator()(std::byte* bytes) const {
    ::operator delete(bytes, kAlign);
}

HeapSection::Storage HeapSection::allocate(std::uint64_t count) {
    void* const bytes = ::operator new(static_cast<std::size_t>(count), kAlign);
    std::memset(bytes, 0, static_cast<std::size_t>(count));
    return Storage(static_cast<std::byte*>(bytes));
}

HeapSection::HeapSection(const PlanRequest& request, std::uint64_t epoch)
    : geometry_(plan(request).value()),
      epoch_(epoch),
      object_bytes_(geometry_.section_bytes),
      storage_(allocate(geometry_.section_bytes)) {
    const layout::Ident ident = make_ident(geometry_, {.epoch = epoch, .label = "heap"});
    std::memcpy(storage_.get(), &ident, sizeof ident);
}

HeapSection::HeapSection(const HeapSection& other)
    : geometry_(other.geometry_),
      epoch_(other.epoch_),
      object_bytes_(other.object_bytes_),
      storage_(allocate(other.geometry_.section_bytes)) {
    std::ranges::copy(other.bytes(), storage_.get());
}

SectionView HeapSection::view() const {
    return {storage_.get(), storage_.get() + geometry_.payload_offset, geometry_, epoch_};
}

layout::Ident HeapSection::ident() const {
    return shared::snapshot(*reinterpret_cast<const layout::Ident*>(storage_.get()));
}

Result<SectionView> HeapSection::open() const {
    const layout::Ident copy = ident();
    auto geometry = validate(copy, object_bytes_);
    if (!geometry) return std::unexpected(geometry.error());
    return SectionView(storage_.get(), storage_.get() + geometry->payload_offset, *geometry,
                       copy.epoch);
}

void HeapSection::flip_bit(std::uint64_t bit) {
    bytes()[static_cast<std::size_t>(bit / 8)] ^= std::byte{1} << (bit % 8);
}

void HeapSection::truncate_to(std::uint64_t object_bytes) {
    object_bytes_ = object_bytes;
    std::ranges::fill(bytes().subspan(static_cast<std::size_t>(object_bytes)), std::byte{0});
}

void HeapSection::reseal_ident() {
    const auto covered = bytes().first(offsetof(layout::Ident, ident_xxh3));
    set_word(covered.size(), xxh3_64(covered));
}

void HeapSection::reseal_slot(std::uint64_t sequence) {
    const std::uint64_t offset = slot_offset(sequence);
    const auto covered =
        bytes().subspan(static_cast<std::size_t>(offset), offsetof(layout::Slot, slot_xxh3));
    set_word(offset + covered.size(), xxh3_64(covered, epoch_));
}

std::uint64_t HeapSection::slot_offset(std::uint64_t sequence) const {
    return geometry_.slots_offset + sequence % geometry_.slot_count * sizeof(layout::Slot);
}

std::uint64_t HeapSection::payload_offset(std::uint64_t sequence) const {
    return geometry_.payload_offset +
           sequence % geometry_.slot_count * geometry_.slot_capacity_bytes;
}

}  // namespace mapferry::testing
