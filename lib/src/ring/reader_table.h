// SPDX-License-Identifier: Apache-2.0
// The writer's view of its readers: who takes part, how far the slowest is, who died or stalled.
// The reader lines are other processes' words: every value is checked against what it can be, and a
// reader that writes nonsense loses its place, nothing more.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "format/layout.h"
#include "format/section_view.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

// What became of the readers that took part.
struct ReaderTally {
    std::uint32_t served = 0;  // acknowledged everything
    std::uint32_t lost = 0;    // died, failed or were given up
};

class ReaderTable {
  public:
    ReaderTable(const SectionView& view, Peers& peers) : view_(view), peers_(&peers) {}

    // Living readers that wait to be admitted.
    [[nodiscard]] std::uint32_t count_waiting() const;

    // Admits every waiting reader from message `first_sequence` on. Also frees the seats of those
    // that left.
    void admit_waiting(std::uint64_t first_sequence);

    // Looks at all lines again. `published` bounds what a cursor may be.
    void refresh(std::uint64_t published);

    // The first message that some admitted reader has not released; `published` when nobody is left
    // behind. As of the last refresh.
    [[nodiscard]] std::uint64_t slowest_cursor(std::uint64_t published) const;

    // Drops the readers behind `needed` that are dead, and where there is a stall timeout those
    // that made no progress for so long, counted from `deadline_start_ms` at the earliest.
    void drop_lost(std::uint64_t needed, std::uint64_t published, std::int64_t deadline_start_ms,
                   std::optional<std::int64_t> stall_timeout_ms);

    [[nodiscard]] bool any_attached() const;
    // Counts the attached readers whose cursor is at `published` as served and lets them go.
    void count_served(std::uint64_t published);

    [[nodiscard]] const ReaderTally& tally() const { return tally_; }
    // Why the last lost reader was lost.
    [[nodiscard]] const std::string& last_loss() const { return last_loss_; }

  private:
    struct Seat {
        std::uint64_t ticket = 0;  // of the admitted reader; 0 = nobody
        std::uint64_t cursor = 0;
        std::int64_t moved_ms = 0;  // when its cursor last moved
    };

    [[nodiscard]] bool waits(std::uint32_t reader, std::uint64_t& ticket) const;
    void refresh_seat(std::uint32_t reader, std::uint64_t published);
    void lose(std::uint32_t reader, std::uint64_t verdict, std::string reason);
    void show_report() const;

    SectionView view_;
    Peers* peers_;
    std::array<Seat, layout::kReaderLimit> seats_{};
    ReaderTally tally_;
    std::string last_loss_;
};

}  // namespace mapferry::inline v1
