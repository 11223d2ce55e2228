// SPDX-License-Identifier: Apache-2.0
// The reader's half of the ring: takes a place, follows `published`, hands out validated messages
// and releases them. layout.h describes the words, docs/decisions/0003-ring-protocol.md why they
// are safe.
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
// are not checked yet and may still change: copy them, then compare the copy with facts.xxh3.
struct Message {
    layout::Slot facts{};
    std::uint64_t sequence = 0;
    std::span<const std::byte> bytes;  // of its slot; never read the parts that are holes
    ChunkHoles holes = {};

    // The slots that the message stands for, and its bytes of payload.
    [[nodiscard]] std::uint64_t slots() const { return holes.bits == 0 ? 1 : 1 + facts.more_slots; }
    [[nodiscard]] std::uint64_t payload_bytes() const { return slots() * bytes.size(); }
};

class RingReader {
  public:
    // `peers` must outlive the reader.
    RingReader(const SectionView& view, Peers& peers, const WaitLimits& limits);

    // Stream: asks for a place on reader line `line`, whose role lock the caller holds.
    void ask_for_place(std::uint32_t line, std::uint32_t process_id);
    // Waits until the writer begins a payload with this reader; next() does it by itself.
    // kPeerGone: the stream ended before, or the writer died; kTimedOut: the writer made no
    // progress for limits.timeout_ms.
    [[nodiscard]] Result<void> await_place();

    // The next message, or empty when the writer has ended. kPeerGone, kTimedOut, kInterrupted,
    // kCorrupt.
    [[nodiscard]] Result<std::optional<Message>> next();
    // Whether next() would return a message without waiting.
    [[nodiscard]] bool has_message();
    // The same, as far as this reader has looked. False while the caller holds the last message
    // that was seen.
    [[nodiscard]] bool knows_message() const { return sequence_ < published_; }

    // What next() would wait for after `messages` more messages.
    [[nodiscard]] RingNews news_after(std::uint64_t messages) const;
    // For a caller that does not wait. kPeerGone: the writer died, but messages that it published
    // before may be left; kEvicted: it gave this reader up; kIo: the section's memory is gone.
    [[nodiscard]] Result<void> check_writer() const;

    // Whether the writer has ended and the reader is done with every message.
    [[nodiscard]] bool at_end();

    // The caller needs the message that next() gave no longer. The slot goes back to the writer
    // with its group, or at once with release().
    void done();
    void release();

    // Stores a cause, so that the writer does not count this reader as served; the reader goes on.
    // Call it before the release() of what the reader leaves out.
    void take_less(std::uint32_t cause);

    // Gives the place back: kPhaseDone, or kPhaseFailed with a cause. Does nothing without a place.
    void leave(std::uint64_t phase, std::uint32_t cause);

    // Ask this when bytes do not match their checksum. If the writer gave this reader up, it reuses
    // the reader's slots, and nothing is corrupt.
    [[nodiscard]] bool was_given_up() const;
    [[nodiscard]] static Status given_up();

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

  private:
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
    bool has_place_ = true;       // false: asked for, and not admitted yet
    bool is_in_payload_ = false;  // the payload of next()'s message goes on after it
};

}  // namespace mapferry::inline v1
