// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/frame_slots.h"

#include <algorithm>

namespace mapferry::cli {

namespace {

// Further importers wait until others are done. Anybody with the right can send wishes.
constexpr std::size_t kWishesMost = 10'000;

}  // namespace

std::set<std::size_t> FrameSlots::staying(Clock::time_point now) {
    std::erase_if(wishes_, [&](const auto& entry) { return entry.second.until <= now; });
    std::set<std::size_t> slots;
    for (const auto& [importer, wish] : wishes_)
        if (wish.slot) slots.insert(*wish.slot);
    return slots;
}

void FrameSlots::take(const FrameWish& wish, Clock::time_point now) {
    const auto stay = staying(now);
    const auto until = now + kWishHolds;
    const auto known = wishes_.find(wish.importer);
    if (known == wishes_.end() && wishes_.size() >= kWishesMost) return;
    if (wish.epoch.empty()) {
        // It has not heard yet of the frame that stays for it: the news is on its way.
        if (known != wishes_.end() && known->second.slot && !known->second.is_heard) return;
        wishes_[wish.importer] = {.slot = std::nullopt, .until = until};
        return;
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].ordinal != wish.ordinal || slots_[i].epoch != wish.epoch) continue;
        if (!stay.contains(i) && !may_stay(stay)) return;
        wishes_[wish.importer] = {.slot = i, .is_heard = true, .until = until};
    }
}

FrameSlots::Place FrameSlots::put(const std::string& epoch, std::uint64_t ordinal,
                                  Clock::time_point now) {
    const auto stay = staying(now);
    std::optional<std::size_t> oldest;
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (!stay.contains(i) && (!oldest || slots_[i].age_rank < slots_[*oldest].age_rank))
            oldest = i;
    const std::size_t chosen = oldest.value_or(0);  // two never stay
    slots_[chosen] = {.epoch = epoch, .ordinal = ordinal, .age_rank = ++frames_};
    Place place = {.slot = chosen};
    if (!may_stay(stay)) return place;
    for (auto& [importer, wish] : wishes_) {
        if (wish.slot) continue;
        wish.slot = chosen;
        place.stays = true;
    }
    return place;
}

}  // namespace mapferry::cli
