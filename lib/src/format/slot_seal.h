// SPDX-License-Identifier: Apache-2.0
// The checksum over a descriptor. It begins with the section's epoch, so a descriptor of another
// section of the same name never passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/frame_layout.h"
#include "format/layout.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

// `Descriptor`: layout::Slot or layout::FrameSlot.
template <typename Descriptor>
[[nodiscard]] std::uint64_t seal_of(const Descriptor& slot, std::uint64_t epoch) {
    return xxh3_64(std::as_bytes(std::span(&slot, 1)).first(offsetof(Descriptor, slot_xxh3)),
                   epoch);
}

template <typename Descriptor>
[[nodiscard]] bool is_sealed(const Descriptor& slot, std::uint64_t epoch) {
    return slot.slot_xxh3 == seal_of(slot, epoch);
}

}  // namespace mapferry::inline v1
