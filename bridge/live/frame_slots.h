// SPDX-License-Identifier: Apache-2.0
// Which of the engine's slots the next frame goes to. Each frame replaces the oldest one. An
// importer that needs longer than a frame lives asks for one that stays until the importer has it:
// the next frame then stays, for all importers that wait for one. So importers of any number and
// speed get whole frames, and two slots are always left for those that keep up.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/live/frame_wish.h"

namespace mapferry::cli {

// One thread. The caller says what time it is.
class FrameSlots {
  public:
    using Clock = std::chrono::steady_clock;
    // How long a wish holds. An importer repeats it more often.
    static constexpr std::chrono::seconds kWishHolds{5};

    explicit FrameSlots(std::uint64_t slots) : slots_(static_cast<std::size_t>(slots)) {}

    void take(const FrameWish& wish, Clock::time_point now);

    struct Place {
        std::uint64_t slot = 0;
        bool stays = false;
    };
    // The place of the next frame.
    [[nodiscard]] Place put(const std::string& epoch, std::uint64_t ordinal, Clock::time_point now);

  private:
    struct Slot {
        std::string epoch;
        std::uint64_t ordinal = 0;
        std::uint64_t age_rank = 0;  // smaller: written longer ago
    };
    // An importer's wish: it waits for a frame, or has one.
    struct Wish {
        std::optional<std::size_t> slot;
        bool is_heard = false;  // the importer has said that it fetches this frame
        Clock::time_point until;
    };

    [[nodiscard]] std::set<std::size_t> staying(Clock::time_point now);
    [[nodiscard]] bool may_stay(const std::set<std::size_t>& staying) const {
        return staying.size() + 2 < slots_.size();
    }

    std::vector<Slot> slots_;
    std::uint64_t frames_ = 0;
    std::map<std::string, Wish> wishes_;  // by importer
};

}  // namespace mapferry::cli
