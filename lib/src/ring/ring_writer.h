// SPDX-License-Identifier: Apache-2.0
// The writer's half of the ring: fills slots in order, publishes them, waits for the slowest
// reader. See layout.h for the words, docs/decisions/0003-ring-protocol.md for the argument.
#pragma once

#include <cstdint>
#include <span>

#include "format/image_record.h"
#include "format/layout.h"
#include "format/section_view.h"
#include "mapferry/status.h"
#include "ring/patience.h"
#include "ring/peers.h"
#include "ring/reader_table.h"

namespace mapferry::inline v1 {

// The description of one message, without its size and checksum.
struct MessageFacts {
    std::uint32_t kind = layout::kKindChunk;
    std::uint32_t flags = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t payload_index = 0;
    std::uint64_t payload_count = 0;
    std::int64_t timestamp_unix_ns = 0;
    layout::ImageRecord image = {};
    std::uint64_t holes = 0;  // with kSlotHoles
    std::uint64_t more_slots = 0;
};

class RingWriter {
  public:
    // `peers` must outlive the writer.
    RingWriter(const SectionView& view, Peers& peers, const WaitLimits& limits);

    // Waits until `count` readers ask to take part; timeout_ms counts from the call.
    [[nodiscard]] Result<void> wait_for_readers(std::uint32_t count, std::int64_t timeout_ms);

    // Admits the readers that have asked meanwhile. They take part from the next message on.
    void admit_waiting() {
        table_.admit_waiting(sequence_);
        lost_at_admission_ = table_.tally().lost;
    }
    [[nodiscard]] bool lost_readers_since_admission() const {
        return table_.tally().lost != lost_at_admission_;
    }

    // The bytes of the next message's slot, free to be filled. Keep: kIo when fewer than `slots`
    // are left. Stream: waits for the slowest reader; kPeerGone, kInterrupted.
    [[nodiscard]] Result<std::span<std::byte>> acquire(std::uint64_t slots = 1);

    // The number of free slots from the acquired one on that lie side by side in memory; at least
    // 1.
    [[nodiscard]] std::uint64_t free_run();

    // The bytes of a slot that free_run() counted: the one `ahead` slots behind the acquired one.
    [[nodiscard]] std::span<std::byte> slot_ahead(std::uint64_t ahead) const {
        return view_.payload(sequence_ + ahead);
    }

    // Publishes the first `bytes` of the acquired slot, whose XXH3-64 the caller has. Sleeping
    // readers are woken when a group of messages is complete, or by flush().
    void publish_hashed(const MessageFacts& facts, std::uint64_t bytes, std::uint64_t xxh3);

    // Publishes a payload that is one message, as publish_hashed() and end_payload() would in two
    // steps. Returns the XXH3-64 of its bytes.
    std::uint64_t publish_whole(const MessageFacts& facts, std::uint64_t bytes);

    // Wakes the readers that sleep or nap.
    void flush();

    // Call it at the end of a payload when it is unknown whether another one follows. Wakes the
    // readers that sleep. Readers that nap look by themselves, and their group may still fill.
    void end_payload();

    // For a writer that has nothing to publish. kPeerGone: every reader was lost; kInterrupted.
    [[nodiscard]] Result<void> check_readers();

    // Stores the state (kState...) and wakes all readers.
    void set_state(std::uint32_t state, std::uint32_t abort_cause);

    // Stream: waits until every reader has released everything or is lost.
    [[nodiscard]] Result<void> drain();

    [[nodiscard]] std::uint64_t next_sequence() const { return sequence_; }
    [[nodiscard]] const ReaderTally& tally() const { return table_.tally(); }
    [[nodiscard]] const std::string& last_loss() const { return table_.last_loss(); }

  private:
    void describe_next(const MessageFacts& facts, std::uint64_t bytes, std::uint64_t xxh3);
    [[nodiscard]] bool slot_is_free();
    [[nodiscard]] Result<void> wait_for_release(std::uint64_t needed);
    [[nodiscard]] Status all_lost() const;

    SectionView view_;
    Peers* peers_;
    WaitLimits limits_;
    ReaderTable table_;
    std::uint64_t sequence_ = 0;   // of the next message
    std::uint64_t slowest_ = 0;    // lower bound of the slowest reader's cursor
    std::uint64_t unflushed_ = 0;  // messages since readers were last woken
    std::uint64_t group_ = 1;      // messages for one wake
    std::uint32_t lost_at_admission_ = 0;
};

}  // namespace mapferry::inline v1
