// SPDX-License-Identifier: Apache-2.0
// The checksum over a descriptor. It begins with the section's epoch, so a descriptor of another
// section of the same name never passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/layout.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

[[nodiscard]] inline std::uint64_t seal_of(const layout::Slot& slot, std::uint64_t epoch) {
    return xxh3_64(std::as_bytes(std::span(&slot, 1)).first(offsetof(layout::Slot, slot_xxh3)),
                   epoch);
}

[[nodiscard]] inline bool is_sealed(const layout::Slot& slot, std::uint64_t epoch) {
    return slot.slot_xxh3 == seal_of(slot, epoch);
}

}  // namespace mapferry::inline v1
