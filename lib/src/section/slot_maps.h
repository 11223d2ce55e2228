// SPDX-License-Identifier: Apache-2.0
// The slots of a section of frames, mapped when they are needed. By default such a section has 8.7
// GiB of addresses and uses a few slots. A 32-bit process has no room for all of it, and neither
// has one whose address space is limited.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "format/geometry.h"
#include "platform/byte_range.h"
#include "platform/mapping.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1 {

// The first bytes of a slot. They stay mapped while somebody has `map`.
struct SlotBytes {
    std::shared_ptr<const platform::Mapping> map;
    std::span<std::byte> bytes;
};

// Small slots are mapped together, a large one as far as its frames go.
class SlotMaps {
  public:
    SlotMaps(const Geometry& geometry, platform::Access access);

    // One thread at a time. kOutOfMemory: no room for the map, even after the unused ones were
    // dropped, or no memory to remember it.
    [[nodiscard]] Result<SlotBytes> bytes_of(const platform::SharedObject& object,
                                             std::uint64_t slot, std::uint64_t bytes);
    // Maps all slots of a small section before they are needed: making a map may have to wait for a
    // fork of this process, and a camera must not wait. A slot that can't be mapped now is mapped
    // later.
    void map_ahead(const platform::SharedObject& object);
    // Whether some of the bytes read as zeros because their memory is missing: see fault_guard.h.
    // Any thread.
    [[nodiscard]] bool lost() const;

  private:
    using Map = std::shared_ptr<const platform::Mapping>;

    [[nodiscard]] platform::ByteRange range_for(std::uint64_t slot, std::uint64_t bytes) const;
    [[nodiscard]] Result<void> map_anew(const platform::SharedObject& object, Map& map,
                                        const platform::ByteRange& range);
    bool drop_unused();
    void drop(Map& map);

    Geometry geometry_;
    platform::Access access_;
    std::uint64_t slots_together_;
    std::uint64_t mapped_bytes_ = 0;
    mutable std::mutex mutex_;  // guards the members below, which lost() reads
    std::vector<Map> maps_;
    std::size_t maps_used_ = 0;  // no map lies behind these
    bool was_lost_ = false;      // a map that was dropped since had a loss
};

}  // namespace mapferry::inline v1
