// SPDX-License-Identifier: Apache-2.0
// The reader's half of the ring: takes a place, follows `published`, hands out validated messages,
// releases them. See layout.h for the words, docs/decisions/0003-ring-protocol.md for the argument.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "format/holes.h"
#include "format/layout.h"
#include "format/section_view.h"
#include "mapferry/status.h"
#include "ring/patience.h"
#include "ring/peers.h"
#include "ring/ring_news.h"

namespace mapferry::inline v1 {

// One message: a private, validated copy of its descriptor, and its bytes in the section. The bytes
// are not checked yet, and may change: copy, then compare with facts.xxh3.
struct Message {
    layout::Slot facts;
    std::uint64_t sequence = 0;
    std::span<const std::byte> bytes;  // of its slot; where it has holes nobody may look
    ChunkHoles holes = {};

    // Slots that it stands for, and bytes of payload.
    [[nodiscard]] std::uint64_t slots() const { return holes.bits == 0 ? 1 : 1 + facts.more_slots; }
    [[nodiscard]] std::uint64_t payload_bytes() const { return slots() * bytes.size(); }
};

class RingReader {
  public:
    // `peers` must outlive the reader.
    RingReader(const SectionView& view, Peers& peers, const WaitLimits& limits);

    // Stream: asks for a place at reader line `line`, whose role lock the caller holds.
    void ask_for_place(std::uint32_t line, std::uint32_t process_id);
    // Waits until the writer begins a payload with this reader, which next() does by itself.
    // kPeerGone: the stream ended before, or the writer died; kTimedOut: it made no
    // progress for limits.timeout_ms.
    [[nodiscard]] Result<void> await_place();

    // The next message, or empty when the writer has ended. kPeerGone, kTimedOut, kInterrupted,
    // kCorrupt.
    [[nodiscard]] Result<std::optional<Message>> next();

    // What next() would wait for when `messages` more are done with.
    [[nodiscard]] RingNews news_after(std::uint64_t messages) const;
    // For somebody who does not wait. kPeerGone: the writer died, and what it said before may still
    // have to be read; kTimedOut: it gave this reader up; kIo: the section's memory is gone.
    [[nodiscard]] Result<void> check_writer() const;

    // The writer has ended, and every message of it is done with.
    [[nodiscard]] bool at_end();

    // The message that next() gave is no longer needed. The slot goes back to the writer with its
    // group, or at once with release().
    void done();
    void release();

    // Goes on, but the writer is not to count this reader among those that got everything. Call it
    // before release() of what is left out.
    void take_less(std::uint32_t cause);

    // Gives the place back: kPhaseDone or kPhaseFailed with a cause. No-op without a place.
    void leave(std::uint64_t phase, std::uint32_t cause);

    // Asked when bytes do not match their checksum: if the writer has given this reader up and
    // reuses its slots, that is the reason, and no corruption.
    [[nodiscard]] bool was_given_up() const;
    [[nodiscard]] static Status given_up();

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

  private:
    [[nodiscard]] bool has_message();
    [[nodiscard]] bool has_ended() const;
    [[nodiscard]] bool has_aborted() const;
    [[nodiscard]] Result<void> wait_for_news();
    [[nodiscard]] Result<void> check_writer(Patience& patience);
    [[nodiscard]] Result<Message> examine();
    [[nodiscard]] Result<ChunkHoles> examine_holes(const layout::Slot& slot) const;
    [[nodiscard]] std::unexpected<Status> damaged(const char* field, std::uint64_t value) const;
    [[nodiscard]] Status ended_status() const;

    SectionView view_;
    Peers* peers_;
    WaitLimits limits_;
    std::uint64_t sequence_ = 0;  // of the next message
    std::uint64_t slots_ = 1;     // of the message that next() gave
    std::uint64_t released_ = 0;  // messages before it are released
    std::uint64_t group_ = 1;
    std::uint64_t published_ = 0;  // as last seen
    std::uint64_t watched_ = 0;    // published, as last watched
    std::optional<std::uint32_t> line_;
    std::uint64_t ticket_ = 0;
    bool has_place_ = true;       // false: asked for and not given yet
    bool is_in_payload_ = false;  // of the message that next() gave: its payload goes on after it
};

}  // namespace mapferry::inline v1
