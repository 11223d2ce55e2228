// SPDX-License-Identifier: Apache-2.0
#include "frames/writer/slot_order.h"

namespace mapferry::inline v1 {

SlotOrder::SlotOrder(std::uint32_t slots) : neighbours_(slots) {
    free_.reserve(slots);
}

std::optional<std::uint32_t> SlotOrder::take_free() {
    if (free_.empty()) return std::nullopt;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
}

void SlotOrder::add_newest(std::uint32_t slot) {
    neighbours_[slot] = {.older = newest_, .younger = kNone};
    link_to_younger(newest_) = slot;
    newest_ = slot;
}

void SlotOrder::remove(std::uint32_t slot) {
    const Neighbours beside = neighbours_[slot];
    link_to_younger(beside.older) = beside.younger;
    link_to_older(beside.younger) = beside.older;
}

}  // namespace mapferry::inline v1
