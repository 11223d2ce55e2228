// SPDX-License-Identifier: Apache-2.0
#include "frames/reader/frame_ring_reader.h"

#include <string>
#include <utility>

#include "base/try.h"
#include "format/later_version.h"
#include "format/reader_line.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

namespace {

// The writer may retire a frame between a reader's look and its claim; the next look finds a newer
// one. Only a writer that does nothing else, beside a reader that hardly runs, comes near this.
constexpr int kClaimRounds = 10'000;

constexpr std::uint64_t kLatencyMeanOver = 8;

constexpr std::uint32_t kFrameFlags = layout::kSlotUnhashed | layout::kSlotSourceNumber;

}  // namespace

std::uint64_t FrameRingReader::attach(std::uint32_t line, std::uint32_t process_id) {
    line_ = line;
    layout::ReaderLine& mine = view_.reader_line(line);
    // not slept for; relaxed: the lock of this line's role makes this process its only writer. The
    // writer's answers to earlier readers, which it knew to be gone, came before that lock
    ticket_ = next_ticket(shared::load(mine.attachment, std::memory_order_relaxed),
                          shared::load(view_.admission(line).verdict, std::memory_order_relaxed));
    // not slept for before the attachment below; relaxed: the attachment is stored after them
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i)
        shared::store(layout::lease_of(mine, i), std::uint64_t{0}, std::memory_order_relaxed);
    // From here until the attachment below the writer settles no frame: partner is the load in
    // FrameRingWriter::look_for_settled. Nobody is woken for it.
    (void)store_news(mine.attachment, line_word(ticket_, layout::kPhaseArriving));
    const auto newest_now = newest();
    const std::uint64_t first = newest_now ? newest_now->mark - 1 : 0;
    rung_ = first;
    // not slept for; relaxed: as above
    shared::store(mine.cursor, first, std::memory_order_relaxed);
    shared::store(mine.pid, process_id, std::memory_order_relaxed);
    shared::store(mine.detach_cause, std::uint32_t{0}, std::memory_order_relaxed);
    figures_ = {};
    shared::put(mine.figures, figures_);
    // The leases of the line's earlier reader are cleared before this; partners: the loads in
    // FrameRingWriter::is_leased and has_reader_behind.
    const Told told = store_news(mine.attachment, line_word(ticket_, layout::kPhaseWaiting));
    ring_if_slept(view_.writer_bell(), *peers_, told);
    return first;
}

void FrameRingReader::detach(std::uint64_t phase, std::uint32_t cause) {
    layout::ReaderLine& mine = view_.reader_line(line_);
    // relaxed: for onlookers; the attachment below carries it along
    shared::store(mine.detach_cause, cause, std::memory_order_relaxed);
    // partners: the loads in FrameRingWriter::has_reader_behind and count_attached
    const Told told = store_news(mine.attachment, line_word(ticket_, phase));
    ring_if_slept(view_.writer_bell(), *peers_, told);
}

std::optional<FrameRingReader::Found> FrameRingReader::newest() const {
    // partner: the store in FrameRingWriter::publish
    const std::uint64_t word = load_news(view_.frame_line().newest);
    const auto slot = static_cast<std::uint32_t>(word & ((1u << layout::kNewestSlotBits) - 1));
    const std::uint64_t mark = word >> layout::kNewestSlotBits;
    // A slot beyond the section means a damaged word: nothing is found until the next frame comes.
    if (mark == 0 || slot >= view_.geometry().slot_count) return std::nullopt;
    return Found{.slot = slot, .mark = mark};
}

bool FrameRingReader::has_news(std::uint64_t from) const {
    const auto found = newest();
    return found && found->mark > from;
}

void FrameRingReader::prefetch_next() const {
    if (const auto found = newest()) (void)examine(*found, 0);
}

// Whether there is a frame of this sequence or a later one. Reads the writer's word only where the
// last look does not answer it, because the writer stores that word for each frame.
bool FrameRingReader::knows_news(std::uint64_t from) {
    if (known_newest_.mark <= from) known_newest_ = newest().value_or(Found{});
    return known_newest_.mark > from;
}

// Begins where the frame after the last one was found the last time that the ring came round:
// writers go through their slots in the same order while no reader holds one. Then looks at all.
std::optional<FrameRingReader::Found> FrameRingReader::oldest_from(std::uint64_t from) {
    std::optional<Found> oldest;
    const auto slots = static_cast<std::uint32_t>(view_.geometry().slot_count);
    std::uint32_t slot = follower_[last_slot_];
    for (std::uint32_t k = 0; k <= slots; ++k) {
        // acquire: partner is the last store in FrameRingWriter::publish
        const std::uint64_t mark =
            shared::load(view_.frame_slot(slot).sequence, std::memory_order_acquire);
        if (mark > from && (!oldest || mark < oldest->mark)) oldest = Found{slot, mark};
        if (mark == from + 1) break;
        slot = (last_slot_ + k + 1) % slots;
    }
    if (!oldest) return std::nullopt;
    follower_[last_slot_] = oldest->slot;
    last_slot_ = oldest->slot;
    return oldest;
}

std::optional<std::uint32_t> FrameRingReader::free_lease() {
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i) {
        bool free = false;
        // acq_rel: partner is the store in give_back, perhaps another thread's
        if (in_use_[i].compare_exchange_strong(free, true, std::memory_order_acq_rel)) return i;
    }
    return std::nullopt;
}

// True when this reader may look at the frame.
bool FrameRingReader::claim(const Found& found, std::uint32_t lease) {
    // seq_cst: partner is the look in FrameRingWriter::is_leased. The reader stores the lease and
    // then looks at the slot; the writer retires the slot and then looks at the leases. So at least
    // one of the two sees the other.
    shared::store(layout::lease_of(view_.reader_line(line_), lease), found.mark,
                  std::memory_order_seq_cst);
    // acquire within seq_cst: descriptor and bytes come with the mark
    return shared::load(view_.frame_slot(found.slot).sequence, std::memory_order_seq_cst) ==
           found.mark;
}

// Whether the line still shows that this reader is attached. If somebody overwrote it, the writer
// may have settled the frame that this reader has just claimed.
Result<void> FrameRingReader::check_line() const {
    // partner: whatever damaged it
    const std::uint64_t attachment = load_news(view_.reader_line(line_).attachment);
    if (attachment == line_word(ticket_, layout::kPhaseWaiting)) return {};
    return mapferry::fail(Code::kCorrupt, "this reader's line in the section is damaged");
}

Told FrameRingReader::give_back(std::uint32_t lease) {
    // The store keeps this reader's last look at the bytes before it; partner: the look in
    // FrameRingWriter::is_leased
    const Told told = store_news(layout::lease_of(view_.reader_line(line_), lease), 0);
    // The lease is cleared in the section before another thread may take it. release: partner is
    // the exchange in free_lease
    in_use_[lease].store(false, std::memory_order_release);
    return told;
}

Result<LeasedFrame> FrameRingReader::examine(const Found& found, std::uint32_t lease) const {
    layout::FrameSlot facts = shared::snapshot(view_.frame_slot(found.slot));
    // The mark is the one word that changes under a lease: zero while the writer looks at the
    // leases, then the same again. claim() has seen it, so it is put back before the checksum is
    // checked.
    facts.sequence = found.mark;
    const auto damaged = [&](const char* field, std::uint64_t value) {
        return mapferry::fail(Code::kCorrupt, "frame " + std::to_string(found.mark - 1) +
                                                  " is damaged: its descriptor's " + field +
                                                  " is " + std::to_string(value));
    };
    if (!is_sealed(facts, view_.epoch())) return damaged("checksum", facts.slot_xxh3);
    if (facts.kind != layout::kKindFrame) return damaged("kind", facts.kind);
    if (facts.bytes > view_.geometry().slot_capacity_bytes) return damaged("bytes", facts.bytes);
    if (facts.notes_bytes > layout::kNotesBytesMax ||
        (facts.notes_bytes != 0 && layout::notes_offset(facts.bytes) + facts.notes_bytes >
                                       view_.geometry().slot_capacity_bytes))
        return damaged("notes_bytes", facts.notes_bytes);
    if (facts.capture_clock > layout::kClockTai)
        return damaged("capture_clock", facts.capture_clock);
    TRY(check_flags(facts.flags, kSlotFlagsKnown, "frame ", found.mark - 1));
    if ((facts.flags & kSlotFlagsKnown & ~kFrameFlags) != 0) return damaged("flags", facts.flags);
    return LeasedFrame{.facts = facts, .slot = found.slot, .lease = lease};
}

template <typename Find>
Result<std::optional<LeasedFrame>> FrameRingReader::claim_found(const Find& find) {
    auto found = find();
    if (!found) return std::nullopt;
    const auto lease = free_lease();
    if (!lease)
        return mapferry::fail(Code::kUsage,
                              "a reader holds at most " + std::to_string(layout::kLeasesPerReader) +
                                  " frames at once",
                              "let go of one before asking for the next");
    for (int round = 0; found && round < kClaimRounds; ++round) {
        if (claim(*found, *lease)) {
            const auto intact = check_line();
            auto frame = intact ? examine(*found, *lease) : std::unexpected(intact.error());
            if (frame) return std::optional<LeasedFrame>(*frame);
            give_back(*lease);
            return std::unexpected(frame.error());
        }
        found = find();
    }
    give_back(*lease);
    return std::nullopt;
}

Result<std::optional<LeasedFrame>> FrameRingReader::claim_newest(std::uint64_t from) {
    return claim_found([&]() -> std::optional<Found> {
        const auto found = newest();
        return found && found->mark > from ? found : std::nullopt;
    });
}

Result<std::optional<LeasedFrame>> FrameRingReader::claim_next(std::uint64_t from) {
    bool is_first_look = true;
    return claim_found([&]() -> std::optional<Found> {
        // What a claim did not find is older than the writer's word of now.
        if (!std::exchange(is_first_look, false)) known_newest_ = {};
        if (!knows_news(from)) return std::nullopt;
        return known_newest_.mark == from + 1 ? known_newest_ : oldest_from(from);
    });
}

void FrameRingReader::release(const LeasedFrame& frame) {
    const Told told = give_back(frame.lease);
    if (view_.geometry().delivery != Delivery::kEach) return;
    // relaxed: only a hint. Where it is false this reader has more frames to take, and rings then.
    if (has_rung_.load(std::memory_order_relaxed))
        ring_if_slept(view_.writer_bell(), *peers_, told);
}

void FrameRingReader::want_each(std::uint64_t from) {
    if (is_waited_for_) return;
    is_waited_for_ = true;
    rung_ = from;
    passed_bytes_ = 0;
    // partner: the load in FrameRingWriter::has_reader_behind
    store_news(view_.reader_line(line_).cursor, from);
}

void FrameRingReader::want_newest() {
    if (!is_waited_for_ || view_.geometry().delivery != Delivery::kEach) return;
    is_waited_for_ = false;
    // relaxed: as in advance_cursor(). The writer may wait for a frame that this reader gives back.
    has_rung_.store(true, std::memory_order_relaxed);
    // partner: the load in FrameRingWriter::has_reader_behind
    const Told told = store_news(view_.reader_line(line_).cursor, layout::kCursorUnset);
    ring_if_slept(view_.writer_bell(), *peers_, told);
}

void FrameRingReader::advance_cursor(std::uint64_t sequence, std::uint64_t frame_bytes) {
    if (!is_waited_for_) return;
    // partner: the load in FrameRingWriter::has_reader_behind
    const Told told = store_news(view_.reader_line(line_).cursor, sequence);
    if (view_.geometry().delivery != Delivery::kEach) return;
    passed_bytes_ += frame_bytes;
    const bool rings =
        sequence - rung_ >= ring_step_ || passed_bytes_ >= kRingBytes || !knows_news(sequence);
    // relaxed: partner is the load in release(), perhaps another thread's
    has_rung_.store(rings, std::memory_order_relaxed);
    if (!rings) return;
    rung_ = sequence;
    passed_bytes_ = 0;
    ring_if_slept(view_.writer_bell(), *peers_, told);
}

void FrameRingReader::note_taken(std::uint64_t missed, std::optional<std::uint64_t> latency_ns) {
    layout::ReaderFigures& shown = view_.reader_line(line_).figures;
    ++figures_.frames_taken;
    // relaxed: for onlookers; partner is the snapshot in report_readers
    shared::store(shown.frames_taken, figures_.frames_taken, std::memory_order_relaxed);
    if (missed != 0) {
        figures_.frames_missed += missed;
        shared::store(shown.frames_missed, figures_.frames_missed, std::memory_order_relaxed);
    }
    if (!latency_ns) return;
    const std::uint64_t mean = figures_.latency_mean_ns;
    figures_.latency_mean_ns =
        mean == 0 ? *latency_ns : mean - mean / kLatencyMeanOver + *latency_ns / kLatencyMeanOver;
    shared::store(shown.latency_ns, *latency_ns, std::memory_order_relaxed);
    shared::store(shown.latency_mean_ns, figures_.latency_mean_ns, std::memory_order_relaxed);
}

bool FrameRingReader::has_ended() const {
    // partner: the store in FrameRingWriter::set_state
    return load_news(view_.writer_line().state) >= layout::kStateEnded;
}

WriterCondition FrameRingReader::writer_condition() const {
    // The lock is asked before the word is read. The other way round, a writer that ends and leaves
    // between the two looks would seem to have died.
    const bool lives = peers_->writer_lives();
    // partner: the store in FrameRingWriter::set_state
    const std::uint32_t state = load_news(view_.writer_line().state);
    if (state == layout::kStateEnded) return WriterCondition::kEnded;
    if (state == layout::kStateAborted) return WriterCondition::kAborted;
    return lives ? WriterCondition::kAtWork : WriterCondition::kDead;
}

bool FrameRingReader::was_given_up() const {
    // partner: the store in FrameRingWriter::give_up_behind
    return load_news(view_.admission(line_).verdict) == line_word(ticket_, layout::kVerdictGivenUp);
}

}  // namespace mapferry::inline v1
