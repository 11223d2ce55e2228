// SPDX-License-Identifier: Apache-2.0
#include "section/slot_maps.h"

#include <algorithm>
#include <limits>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/try.h"
#include "format/layout.h"

namespace mapferry::inline v1 {

namespace {

// Small slots are mapped together, this many bytes at a time.
constexpr std::uint64_t kTogetherBytes = std::uint64_t{16} << 20;
// A section of at most this size is mapped before it is needed.
constexpr std::uint64_t kAheadBytes = std::uint64_t{64} << 20;
// A map grows in steps of this size, so that slowly growing frames are not mapped anew each time.
constexpr std::uint64_t kStepBytes = std::uint64_t{1} << 20;
// This much stays mapped although nobody uses it. The rest of the program needs addresses too.
constexpr std::uint64_t kKeptBytes =
    sizeof(void*) == 4 ? std::uint64_t{512} << 20 : std::numeric_limits<std::uint64_t>::max();

}  // namespace

SlotMaps::SlotMaps(const Geometry& geometry, platform::Access access)
    : geometry_(geometry),
      access_(access),
      slots_together_(std::clamp<std::uint64_t>(kTogetherBytes / geometry.slot_capacity_bytes, 1,
                                                geometry.slot_count)),
      maps_(static_cast<std::size_t>((geometry.slot_count - 1) / slots_together_ + 1)) {}

// The range to map for the slot. It begins where the system lets a map begin.
platform::ByteRange SlotMaps::range_for(std::uint64_t slot, std::uint64_t bytes) const {
    const std::uint64_t together_bytes = slots_together_ * geometry_.slot_capacity_bytes;
    const std::uint64_t begin = geometry_.payload_offset + slot / slots_together_ * together_bytes;
    const std::uint64_t wanted_bytes =
        slots_together_ > 1 ? together_bytes : round_up(bytes, kStepBytes);
    return {
        .begin = begin / layout::kViewAlignBytes * layout::kViewAlignBytes,
        .end = std::min(begin + std::min(wanted_bytes, together_bytes), geometry_.section_bytes)};
}

Result<SlotBytes> SlotMaps::bytes_of(const platform::SharedObject& object, std::uint64_t slot,
                                     std::uint64_t bytes) {
    return guarded([&]() -> Result<SlotBytes> {
        Map& map = maps_[static_cast<std::size_t>(slot / slots_together_)];
        // A frame without bytes needs an address too.
        const auto range = range_for(slot, std::max<std::uint64_t>(bytes, 1));
        if (!map || map->bytes() < range.end - range.begin) TRY(map_anew(object, map, range));
        const std::uint64_t offset =
            geometry_.payload_offset + slot * geometry_.slot_capacity_bytes - range.begin;
        return SlotBytes{.map = map,
                         .bytes = {map->data() + offset, static_cast<std::size_t>(bytes)}};
    });
}

void SlotMaps::map_ahead(const platform::SharedObject& object) {
    if (geometry_.section_bytes - geometry_.payload_offset > kAheadBytes) return;
    for (std::uint64_t slot = 0; slot < geometry_.slot_count; slot += slots_together_)
        if (!bytes_of(object, slot, 0)) return;
}

// Replaces the slot's map. An old map that is still in use goes with its last user.
Result<void> SlotMaps::map_anew(const platform::SharedObject& object, Map& map,
                                const platform::ByteRange& range) {
    const std::uint64_t bytes = range.end - range.begin;
    if (map) drop(map);
    if (bytes > kKeptBytes - std::min(mapped_bytes_, kKeptBytes)) drop_unused();
    auto made = platform::map(object, range.begin, bytes, access_);
    if (!made && drop_unused()) made = platform::map(object, range.begin, bytes, access_);
    if (!made) return std::unexpected(made.error());
    auto shared = std::make_shared<const platform::Mapping>(std::move(*made));
    const std::lock_guard lock(mutex_);
    map = std::move(shared);
    mapped_bytes_ += bytes;
    maps_used_ = std::max(maps_used_, static_cast<std::size_t>(&map - maps_.data()) + 1);
    return {};
}

bool SlotMaps::drop_unused() {
    const std::uint64_t before_bytes = mapped_bytes_;
    for (Map& map : maps_)
        // A count of 1 means that only this table has the map. Other threads can only give maps
        // back meanwhile, never take new ones.
        if (map && map.use_count() == 1) drop(map);
    return mapped_bytes_ != before_bytes;
}

void SlotMaps::drop(Map& map) {
    const std::lock_guard lock(mutex_);
    was_lost_ = was_lost_ || map->lost();
    mapped_bytes_ -= map->bytes();
    map.reset();
}

bool SlotMaps::lost() const {
    // Asked at every call of a reader or writer: without any loss in this process no lock is taken.
    if (!platform::Mapping::any_lost()) return false;
    const std::lock_guard lock(mutex_);
    const auto used = std::span(maps_).first(maps_used_);
    return was_lost_ ||
           std::ranges::any_of(used, [](const Map& map) { return map && map->lost(); });
}

}  // namespace mapferry::inline v1
