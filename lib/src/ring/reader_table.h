// SPDX-License-Identifier: Apache-2.0
// The writer's view of its readers: which ones take part, how far the slowest one is, which ones
// died or stalled. The reader lines are written by other processes, so every value is checked
// against what it can be. A reader that writes nonsense loses its place, and nothing else happens.
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

    // The number of living readers that wait to be admitted.
    [[nodiscard]] std::uint32_t count_waiting() const;

    // Admits every waiting reader from message `first_sequence` on. Also frees the seats of readers
    // that were replaced by a new one on their line.
    void admit_waiting(std::uint64_t first_sequence);

    // Looks at all lines again. No valid cursor is beyond `published`.
    void refresh(std::uint64_t published);

    // The first message that some admitted reader has not released, or `published` when no reader
    // is behind. As of the last refresh.
    [[nodiscard]] std::uint64_t slowest_cursor(std::uint64_t published) const;

    // Drops the dead readers behind `needed`. With a stall timeout it also drops those that made no
    // progress for that time, which counts from `deadline_start_ms` at the earliest.
    void drop_lost(std::uint64_t needed, std::uint64_t published, std::int64_t deadline_start_ms,
                   std::optional<std::int64_t> stall_timeout_ms);

    [[nodiscard]] bool any_attached() const;
    // Counts the attached readers whose cursor is at `published` as served, and frees their seats.
    void count_served(std::uint64_t published);

    [[nodiscard]] const ReaderTally& tally() const { return tally_; }
    // Why the most recent lost reader was lost.
    [[nodiscard]] const std::string& last_loss() const { return last_loss_; }

  private:
    // What the writer knows of the reader that it admitted on a line.
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
