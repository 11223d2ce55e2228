// SPDX-License-Identifier: Apache-2.0
// The writer's side of a ring of frames. Unlike a message of a payload, a frame may live in any
// slot. The writer takes a slot that no reader leases, and readers find frames by the sequences in
// the descriptors.
//
//   slot:  free --acquire()--> loaned --publish()--> readable
//           ^                  |    ^                    |
//           +--- give_back() --+    +---- acquire() -----+
//
// An acquire() that finds no free slot retires a readable frame and takes its slot: the oldest one
// where a reader is behind, otherwise the one that was in use last. Of small frames it takes the
// oldest one in any case, if that is settled (settled_frames.h).
//
// A slot for which there is no memory is put aside, and the ring goes on with the others
// (frame_ring_scarcity.cc).
//
// frame_ring_readers.cc has what the writer sees of its readers.
//
// Retiring and leasing are the two sides of one handshake; docs/decisions/0009-frame-leases.md has
// the argument, tests/model/frame_lease.pml the model.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "format/image_record.h"
#include "format/layout.h"
#include "format/section_view.h"
#include "frames/writer/settled_frames.h"
#include "frames/writer/slot_order.h"
#include "mapferry/frame_notes.h"
#include "mapferry/status.h"
#include "ring/patience.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

struct FrameFacts {
    layout::ImageRecord image = {};
    std::int64_t timestamp_unix_ns = 0;
    std::optional<std::uint64_t> xxh3 = {};  // empty: not taken
    CaptureTime captured = {};
    std::optional<std::uint64_t> source_number = {};
    std::uint64_t source_skipped = 0;
    std::uint32_t notes_bytes = 0;
};

class FrameRingWriter {
  public:
    FrameRingWriter(const SectionView& view, Peers& peers, const WaitLimits& limits);

    // A slot that belongs to this writer alone. kInterrupted. Latest: at once, or kBusy when every
    // slot is leased. Once a slot was put aside the newest frame's slot may be taken too; a lease
    // of it is waited for up to timeout_ms. Each: waits for the slowest reader; kTimedOut after
    // timeout_ms. Where the limits have a timeout, readers that take no frame for that time are
    // given up. When `unread_limit` frames are unread by some reader, the writer waits although
    // there may be unused slots.
    [[nodiscard]] Result<std::uint32_t> acquire(
        std::int64_t timeout_ms,
        std::uint64_t unread_limit = std::numeric_limits<std::uint64_t>::max());

    // Makes the slot's first `bytes` bytes the newest frame. The result is its sequence.
    std::uint64_t publish(std::uint32_t slot, std::uint64_t bytes, const FrameFacts& facts);

    // Takes a loaned slot back unused.
    void give_back(std::uint32_t slot);

    // For a loaned slot without memory: takes it out of use. No further slot comes into use then.
    void put_aside(std::uint32_t slot);
    // Brings all slots that were put aside back into use.
    void take_back();

    // Waits until `count` readers are attached; kTimedOut. `waited_ms` of the timeout have passed
    // already, in the wait at an earlier section whose name was taken away.
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count, std::int64_t timeout_ms,
                                                std::int64_t waited_ms = 0);

    // Each: waits until every attached reader has taken every frame or is lost.
    [[nodiscard]] Result<void> drain();

    void set_state(std::uint32_t state, std::uint32_t abort_cause);

    [[nodiscard]] std::uint32_t count_attached();
    [[nodiscard]] std::uint32_t readers_lost() const { return readers_lost_; }
    [[nodiscard]] std::uint64_t published() const { return published_; }
    // The seed of the checksum of the next frame's notes.
    [[nodiscard]] std::uint64_t notes_seed() const { return view_.epoch() + published_ + 1; }

  private:
    static constexpr std::uint64_t kFree = 0;
    static constexpr std::uint64_t kLoaned = ~std::uint64_t{0};
    static constexpr std::uint64_t kAside = kLoaned - 1;  // kAside and above: not readable

    enum class Attempt : std::uint8_t { kTaken, kLeased, kUnread };
    struct Retired {
        std::optional<std::uint32_t> slot = {};
        std::uint64_t unread_mark = 0;  // of the oldest frame that a reader has not taken; 0: none
    };
    struct Outlook {
        bool has_slot = false;
        std::uint64_t unread_mark = 0;  // as in Retired
    };

    [[nodiscard]] std::optional<std::uint32_t> find_slot();
    [[nodiscard]] std::optional<std::uint32_t> oldest_settled() const;
    [[nodiscard]] std::optional<std::uint32_t> take_settled();
    void look_for_settled();
    [[nodiscard]] Retired retire_oldest();
    [[nodiscard]] std::optional<std::uint32_t> retire_hottest();
    [[nodiscard]] bool wants_history();
    [[nodiscard]] bool may_grow(std::uint64_t unread_mark) const;
    [[nodiscard]] bool is_awaited() const;
    [[nodiscard]] std::optional<std::uint32_t> spare_newest();
    [[nodiscard]] std::optional<std::uint32_t> retire_newest();
    [[nodiscard]] Result<void> wait_for_a_lease(std::int64_t left_ms);
    [[nodiscard]] std::unexpected<Status> all_leased() const;
    [[nodiscard]] Attempt retire(std::uint32_t slot);
    [[nodiscard]] bool is_leased(std::uint64_t mark);
    [[nodiscard]] bool has_reader_behind(std::uint64_t sequence);
    [[nodiscard]] bool is_unread(std::uint64_t sequence);
    [[nodiscard]] bool is_out(std::uint32_t line, std::uint64_t attachment) const;
    void drop_dead(std::uint32_t line, std::uint64_t attachment);
    [[nodiscard]] std::uint64_t frames_taken() const;
    void give_up_behind(std::uint64_t sequence);
    [[nodiscard]] Outlook look_ahead();
    [[nodiscard]] Result<void> wait_for_progress(std::int64_t left_ms);

    SectionView view_;
    Peers* peers_;
    WaitLimits limits_;
    bool waits_;  // for the slowest reader
    std::uint64_t published_ = 0;
    std::uint64_t payload_bytes_ = 0;
    std::uint64_t newest_bytes_ = 0;    // of the newest frame
    bool newest_is_shown_ = false;      // FrameLine.newest names it
    std::vector<std::uint64_t> marks_;  // of each slot: kFree, kAside, kLoaned or sequence + 1
    SlotOrder order_;                   // of the free and the readable ones
    SettledFrames settled_;
    std::uint64_t awaited_cursor_ =
        0;                            // at the last look: of the slowest reader that is waited for
    std::uint32_t active_;            // slots in use so far: memory follows the need
    std::uint64_t unread_limit_ = 0;  // of the acquire() under way
    // Answers to readers that are dead or given up, by line; 0 = none.
    std::array<std::uint64_t, layout::kReaderLimit> answered_{};
    std::uint32_t readers_lost_ = 0;
    bool scarce_ = false;        // slots were put aside
    std::int64_t shown_ms_ = 0;  // while scarce_: when the newest frame was published
};

}  // namespace mapferry::inline v1
