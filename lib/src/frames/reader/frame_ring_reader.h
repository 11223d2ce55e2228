// SPDX-License-Identifier: Apache-2.0
// A reader's side of a ring of frames: finding a frame, claiming it by a lease, giving it back.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "format/frame_layout.h"
#include "format/layout.h"
#include "format/section_view.h"
#include "mapferry/status.h"
#include "ring/bell.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

// What has become of the writer.
enum class WriterCondition : std::uint8_t { kAtWork, kEnded, kAborted, kDead };

// A frame under a lease: its bytes do not change until release().
struct LeasedFrame {
    layout::FrameSlot facts{};  // validated private copy
    std::uint32_t slot = 0;
    std::uint32_t lease = 0;  // which of the reader's leases
};

// The claim functions: one thread at a time. release(): any thread.
class FrameRingReader {
  public:
    FrameRingReader(const SectionView& view, Peers& peers)
        : view_(view),
          peers_(&peers),
          follower_(static_cast<std::size_t>(view.geometry().slot_count)),
          ring_step_(std::max<std::uint64_t>(view.geometry().slot_count / kRingSteps, 1)) {}

    // Takes part as reader `line`, whose role the caller holds. Returns the sequence to begin with:
    // that of the newest frame, or of the first one to come.
    std::uint64_t attach(std::uint32_t line, std::uint32_t process_id);
    // Leaves. REQUIRES: no leases.
    void detach(std::uint64_t phase, std::uint32_t cause);

    // REQUIRES, both: `from` is not before the cursor that was stored last. kCorrupt: a descriptor
    // or this reader's line is damaged.
    // The newest frame, if its sequence is `from` or later.
    [[nodiscard]] Result<std::optional<LeasedFrame>> claim_newest(std::uint64_t from);
    // The oldest frame in the ring whose sequence is `from` or later.
    [[nodiscard]] Result<std::optional<LeasedFrame>> claim_next(std::uint64_t from);
    void release(const LeasedFrame& frame);

    // Each: want_each() makes the writer wait until this reader has taken every frame from `from`
    // on, as it does after attach(). After want_newest() the writer no longer waits for this
    // reader.
    void want_each(std::uint64_t from);
    void want_newest();

    // Reports to the writer that frames before `sequence` are taken or not wanted. `frame_bytes`:
    // size of the last one.
    void advance_cursor(std::uint64_t sequence, std::uint64_t frame_bytes = 0);
    // Shows onlookers that a frame was taken. `latency_ns`: since its publication, where known.
    void note_taken(std::uint64_t missed, std::optional<std::uint64_t> latency_ns);

    // Whether there is a frame of this sequence or a later one.
    [[nodiscard]] bool has_news(std::uint64_t from) const;
    // Reads the newest frame's descriptor and drops the result. This brings the code and the cache
    // lines that the next frame needs into the cache (bench frames, spinning reader).
    void prefetch_next() const;
    // Whether the writer has stored its end. Makes no system call.
    [[nodiscard]] bool has_ended() const;
    // kDead: the writer died and had stored no end. Makes a system call.
    [[nodiscard]] WriterCondition writer_condition() const;
    [[nodiscard]] bool was_given_up() const;

    // The bytes of the slot, where the view has the payload mapped. Only while the frame is leased.
    [[nodiscard]] std::span<const std::byte> bytes(const LeasedFrame& frame) const {
        return view_.payload_at(frame.slot).first(static_cast<std::size_t>(frame.facts.bytes));
    }

  private:
    // Each: a writer that sleeps for lack of slots is woken after a quarter of them, after this
    // many bytes, or when this reader has nothing left to take. Until then the writer looks by
    // itself, ten times a second.
    static constexpr std::uint64_t kRingSteps = 4;
    static constexpr std::uint64_t kRingBytes = std::uint64_t{2} << 20;

    struct Found {
        std::uint32_t slot = 0;
        std::uint64_t mark = 0;  // sequence + 1
    };

    [[nodiscard]] std::optional<Found> newest() const;
    [[nodiscard]] bool knows_news(std::uint64_t from);
    [[nodiscard]] std::optional<Found> oldest_from(std::uint64_t from);
    [[nodiscard]] std::optional<std::uint32_t> free_lease();
    [[nodiscard]] bool claim(const Found& found, std::uint32_t lease);
    Told give_back(std::uint32_t lease);
    [[nodiscard]] Result<void> check_line() const;
    [[nodiscard]] Result<LeasedFrame> examine(const Found& found, std::uint32_t lease) const;
    template <typename Find>
    Result<std::optional<LeasedFrame>> claim_found(const Find& find);

    SectionView view_;
    Peers* peers_;
    std::vector<std::uint32_t> follower_;  // of each slot: where its next frame was found
    bool is_waited_for_ = true;            // false: it wants the newest only
    std::uint64_t ring_step_;              // frames
    std::uint64_t rung_ = 0;               // sequence that the writer was last woken for
    std::uint64_t passed_bytes_ = 0;       // since then
    std::atomic<bool> has_rung_ = true;    // whether the last advance_cursor() rang
    std::uint32_t last_slot_ = 0;          // where oldest_from() found a frame
    Found known_newest_{};                 // at the last look: the writer may be further now
    std::uint32_t line_ = 0;
    std::uint64_t ticket_ = 0;
    layout::ReaderFigures figures_{};  // the section's are never read back
    std::array<std::atomic<bool>, layout::kLeasesPerReader> in_use_{};
};

}  // namespace mapferry::inline v1
