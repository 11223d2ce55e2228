// SPDX-License-Identifier: Apache-2.0
// Which slots of a ring of frames are free, and in which order the readable ones came. Each step
// takes the same time, however many slots there are, and no memory.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace mapferry::inline v1 {

class SlotOrder {
  public:
    explicit SlotOrder(std::uint32_t slots);

    void add_free(std::uint32_t slot) { free_.push_back(slot); }
    // The slot that became free last: most of it may still be in a cache.
    [[nodiscard]] std::optional<std::uint32_t> take_free();

    void add_newest(std::uint32_t slot);
    // Takes a readable slot out of the order.
    void remove(std::uint32_t slot);

    [[nodiscard]] std::optional<std::uint32_t> oldest() const { return named(oldest_); }
    [[nodiscard]] std::optional<std::uint32_t> newest() const { return named(newest_); }
    // The readable slot that came next after this one, or just before it.
    [[nodiscard]] std::optional<std::uint32_t> younger(std::uint32_t slot) const {
        return named(neighbours_[slot].younger);
    }
    [[nodiscard]] std::optional<std::uint32_t> older(std::uint32_t slot) const {
        return named(neighbours_[slot].older);
    }

  private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    struct Neighbours {
        std::uint32_t older = kNone;
        std::uint32_t younger = kNone;
    };

    static std::optional<std::uint32_t> named(std::uint32_t slot) {
        return slot == kNone ? std::nullopt : std::optional(slot);
    }
    // Where the link to this slot is kept: with its neighbour, or at the end of the order.
    std::uint32_t& link_to_younger(std::uint32_t older) {
        return older == kNone ? oldest_ : neighbours_[older].younger;
    }
    std::uint32_t& link_to_older(std::uint32_t younger) {
        return younger == kNone ? newest_ : neighbours_[younger].older;
    }

    std::vector<Neighbours> neighbours_;  // of each readable slot
    std::vector<std::uint32_t> free_;
    std::uint32_t oldest_ = kNone;
    std::uint32_t newest_ = kNone;
};

}  // namespace mapferry::inline v1
