// SPDX-License-Identifier: Apache-2.0
#include "frames/writer/frame_ring_writer.h"

#include <algorithm>
#include <limits>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "format/reader_line.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "ring/bell.h"
#include "ring/readers_to_come.h"

namespace mapferry::inline v1 {

namespace {

// The slots in use at first: the newest frame's, and one that is filled.
constexpr std::uint32_t kActiveFirst = 2;
// As many come into use while a reader is behind, with delivery "latest": one that is read, the
// newest, one that is filled, and one of history for readers that want each frame.
constexpr std::uint32_t kActiveWithHistory = 4;

// Frames of up to this size go round through all slots, because a look at the readers for each
// frame costs more than a slot that has left the first-level cache (decision 0009). Larger frames
// stay in the slot that was in use last.
constexpr std::uint64_t kGoesRoundBytes = std::uint64_t{16} << 10;

// A round can fail although free slots exist, because readers move on while the writer looks; each
// such round costs every reader a step. Readers that are still in the way after this many rounds
// are standing still.
constexpr int kRounds = 100;

}  // namespace

FrameRingWriter::FrameRingWriter(const SectionView& view, Peers& peers, const WaitLimits& limits)
    : view_(view),
      peers_(&peers),
      limits_(limits),
      waits_(view.geometry().delivery == Delivery::kEach),
      marks_(static_cast<std::size_t>(view.geometry().slot_count), kFree),
      order_(static_cast<std::uint32_t>(view.geometry().slot_count)),
      active_(std::min(kActiveFirst, static_cast<std::uint32_t>(view.geometry().slot_count))) {
    for (std::uint32_t slot = active_; slot > 0; --slot)
        order_.add_free(slot - 1);
}

// Takes a readable slot away from the readers, unless one of them leases it or has yet to take it.
FrameRingWriter::Attempt FrameRingWriter::retire(std::uint32_t slot) {
    const std::uint64_t mark = marks_[slot];
    if (is_unread(mark - 1)) return Attempt::kUnread;
    std::uint64_t& shared_mark = view_.frame_slot(slot).sequence;
    // seq_cst: partner is the second look in FrameRingReader::claim. Store here, then look at the
    // leases; store the lease there, then look here: at least one sees the other.
    shared::store(shared_mark, std::uint64_t{0}, std::memory_order_seq_cst);
    if (!is_leased(mark)) {
        order_.remove(slot);
        return Attempt::kTaken;
    }
    // release: the bytes never changed; partner is any look in FrameRingReader
    shared::store(shared_mark, mark, std::memory_order_release);
    return Attempt::kLeased;
}

// Tries the oldest frame first. The newest one stays for readers that come late.
FrameRingWriter::Retired FrameRingWriter::retire_oldest() {
    for (auto slot = order_.oldest(); slot && marks_[*slot] != published_;
         slot = order_.younger(*slot)) {
        const Attempt attempt = retire(*slot);
        if (attempt == Attempt::kTaken) return {.slot = slot};
        // A reader that has not taken this frame has taken none of the younger ones either.
        if (attempt == Attempt::kUnread) return {.unread_mark = marks_[*slot]};
    }
    return {};
}

// Tries the youngest frame but the newest first: caches still have most of it. Only while every
// reader has taken the newest one, because then nobody needs the older ones.
std::optional<std::uint32_t> FrameRingWriter::retire_hottest() {
    const auto newest = order_.newest();
    if (!newest || marks_[*newest] != published_ || is_awaited()) return std::nullopt;
    for (auto slot = order_.older(*newest); slot; slot = order_.older(*slot))
        if (retire(*slot) == Attempt::kTaken) return slot;
    return std::nullopt;
}

// Delivery "latest": whether a reader that is behind gets one more frame of history. The kernel is
// asked at most twice for living readers, and once for a dead one.
bool FrameRingWriter::wants_history() {
    if (waits_ || scarce_ || active_ >= std::min<std::size_t>(kActiveWithHistory, marks_.size()))
        return false;
    const auto oldest = order_.oldest();
    return oldest && has_reader_behind(marks_[*oldest] - 1);
}

// Whether one more slot may come into use. All frames from the oldest unread one on count as
// unread.
bool FrameRingWriter::may_grow(std::uint64_t unread_mark) const {
    if (scarce_ || active_ >= marks_.size()) return false;
    if (unread_mark == 0) return true;
    const auto unread = std::ranges::count_if(std::span(marks_).first(active_), [&](auto mark) {
        return mark < kAside && mark >= unread_mark;
    });
    return static_cast<std::uint64_t>(unread) < unread_limit_;
}

// The oldest settled frame's slot. Passes over those that readers hold.
std::optional<std::uint32_t> FrameRingWriter::oldest_settled() const {
    for (auto slot = order_.oldest(); slot && marks_[*slot] <= settled_.last();
         slot = order_.younger(*slot))
        if (settled_.contains(marks_[*slot])) return slot;
    return std::nullopt;
}

// Small frames only. Delivery "each": where no further slot may come into use, the readers get a
// moment to move on before the kernel is asked about them.
std::optional<std::uint32_t> FrameRingWriter::take_settled() {
    if (newest_bytes_ > kGoesRoundBytes) return std::nullopt;
    auto slot = oldest_settled();
    const auto look = [&] {
        look_for_settled();
        slot = oldest_settled();
        return slot.has_value();
    };
    const auto is_worth_spinning = [&] {
        return waits_ && active_ == marks_.size() && awaited_cursor_ < published_;
    };
    if (!slot && !look() && !(is_worth_spinning() && spin_for(*peers_, look))) return std::nullopt;
    // relaxed: for onlookers. No reader claims a settled frame.
    shared::store(view_.frame_slot(*slot).sequence, std::uint64_t{0}, std::memory_order_relaxed);
    order_.remove(*slot);
    return slot;
}

std::optional<std::uint32_t> FrameRingWriter::find_slot() {
    if (const auto free = order_.take_free()) return free;
    if (const auto settled = take_settled()) return settled;
    if (const auto hottest = retire_hottest()) return hottest;
    if (wants_history()) return active_++;
    Retired retired = retire_oldest();
    if (retired.slot) return retired.slot;
    if (may_grow(retired.unread_mark)) return active_++;
    // Readers that move on can be met at every slot in turn, though they never hold all of them: so
    // the writer goes round again. An unread frame is waited for instead, because each look at one
    // costs a system call.
    for (int round = 0; round < kRounds && !retired.slot && retired.unread_mark == 0; ++round)
        retired = retire_oldest();
    return retired.slot ? retired.slot : retire_newest();
}

Result<std::uint32_t> FrameRingWriter::acquire(std::int64_t timeout_ms,
                                               std::uint64_t unread_limit) {
    unread_limit_ = unread_limit;
    std::optional<std::int64_t> began_ms;  // no clock is read unless there is a wait
    while (true) {
        TRY(check_stop(limits_.stop));
        if (const auto slot = find_slot()) {
            marks_[*slot] = kLoaned;
            return *slot;
        }
        const auto oldest = order_.oldest();
        const bool all_loaned = !oldest || (marks_[*oldest] == published_ && waits_);
        if (all_loaned)
            return fail(Code::kBusy, "every slot that may be filled is on loan",
                        Remedy::kMoreSlots);
        const std::int64_t now_ms = peers_->now_ms();
        if (!began_ms) began_ms = now_ms;
        const std::int64_t left_ms = bounded_ms(timeout_ms) - (now_ms - *began_ms);
        TRY(waits_ ? wait_for_progress(left_ms) : wait_for_a_lease(left_ms));
    }
}

// Whether find_slot() would find a slot now. A leased frame is passed over, because younger ones
// may be free.
FrameRingWriter::Outlook FrameRingWriter::look_ahead() {
    for (auto slot = order_.oldest(); slot && marks_[*slot] != published_;
         slot = order_.younger(*slot)) {
        const std::uint64_t mark = marks_[*slot];
        if (is_unread(mark - 1)) return {.has_slot = may_grow(mark), .unread_mark = mark};
        if (!is_leased(mark)) return {.has_slot = true};
    }
    if (spare_newest() && !is_leased(published_)) return {.has_slot = true};
    return {.has_slot = may_grow(0)};
}

// Sleeps until there is a slot. When the stall timeout is over, gives up the readers in the way.
Result<void> FrameRingWriter::wait_for_progress(std::int64_t left_ms) {
    const auto progress = [&] { return look_ahead().has_slot; };
    if (spin_for(*peers_, progress)) return {};
    const std::int64_t began_ms = peers_->now_ms();
    Patience patience(*peers_, limits_);
    std::uint64_t taken = frames_taken();
    while (!progress()) {
        if (const std::uint64_t now = frames_taken(); now != taken) {
            taken = now;
            patience.renew();
        }
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms());
        if (!slice_ms) {
            // The stall timeout is over. Only unread frames are a reader's fault; leases may be
            // held for ever.
            // A reader may have moved on since the last look.
            if (frames_taken() != taken) continue;
            const Outlook now = look_ahead();
            if (now.has_slot) return {};
            if (now.unread_mark == 0) return all_leased();
            give_up_behind(now.unread_mark);
            return {};
        }
        const std::int64_t waited_ms = peers_->now_ms() - began_ms;
        if (waited_ms >= left_ms)
            return fail(Code::kTimedOut, "the slowest reader has not taken the oldest frame yet");
        sleep_at(view_.writer_bell(), *peers_, std::min(*slice_ms, left_ms - waited_ms), progress);
    }
    return {};
}

std::uint64_t FrameRingWriter::publish(std::uint32_t slot, std::uint64_t bytes,
                                       const FrameFacts& facts) {
    const std::uint64_t sequence = published_;
    const std::uint64_t mark = sequence + 1;
    layout::FrameSlot descriptor{};
    descriptor.sequence = mark;
    descriptor.bytes = bytes;
    descriptor.xxh3 = facts.xxh3.value_or(0);
    descriptor.payload_index = sequence;
    descriptor.timestamp_unix_ns = facts.timestamp_unix_ns;
    descriptor.kind = layout::kKindFrame;
    descriptor.flags = (facts.xxh3 ? 0 : layout::kSlotUnhashed) |
                       (facts.source_number ? layout::kSlotSourceNumber : 0);
    descriptor.image = facts.image;
    descriptor.source_skipped = facts.source_skipped;
    descriptor.notes_bytes = facts.notes_bytes;
    descriptor.capture_clock = static_cast<std::uint32_t>(facts.captured.clock);
    descriptor.capture_ns = facts.captured.ns;
    descriptor.source_number = facts.source_number.value_or(0);
    descriptor.slot_xxh3 = seal_of(descriptor, view_.epoch());
    layout::FrameSlot& target = view_.frame_slot(slot);
    // The checksum covers the mark, but the mark is put as zero and stored last: readers claim a
    // slot by its mark, so nobody looks at a descriptor that is only half written.
    descriptor.sequence = 0;
    shared::put(target, descriptor);
    // release: partner is the first look in FrameRingReader::claim; descriptor and bytes come with
    // it
    shared::store(target.sequence, mark, std::memory_order_release);
    marks_[slot] = mark;
    order_.add_newest(slot);
    published_ = mark;
    newest_bytes_ = bytes;
    if (scarce_) shown_ms_ = peers_->now_ms();
    layout::WriterLine& line = view_.writer_line();
    // not slept for; relaxed: for onlookers, like the next two stores
    if (sequence == 0) shared::store(line.state, layout::kStateOpen, std::memory_order_relaxed);
    shared::store(line.published, mark, std::memory_order_relaxed);
    payload_bytes_ += bytes;
    shared::store(line.payload_bytes, payload_bytes_, std::memory_order_relaxed);
    // `newest` comes after the mark, so a reader that follows it finds the frame; partner: the load
    // in FrameRingReader::newest
    const Told told = store_news(view_.frame_line().newest, mark << layout::kNewestSlotBits | slot);
    newest_is_shown_ = true;
    ring_if_slept(view_.readers_bell(), *peers_, told);
    return sequence;
}

void FrameRingWriter::give_back(std::uint32_t slot) {
    marks_[slot] = kFree;
    order_.add_free(slot);
}

Result<void> FrameRingWriter::wait_for_readers(std::uint32_t count, std::int64_t timeout_ms,
                                               std::int64_t waited_ms) {
    return wait_for_readers_to_come(*peers_, view_.writer_bell(), limits_.stop,
                                    {.count = count,
                                     .timeout_ms = timeout_ms,
                                     .waited_ms = waited_ms,
                                     .remedy = Remedy::kStartFrameReaders},
                                    [&] { return count_attached(); });
}

Result<void> FrameRingWriter::drain() {
    // Delivery "latest" waits for nobody.
    if (!waits_ || published_ == 0) return {};
    const auto all_taken = [&] { return !is_unread(published_ - 1); };
    Patience patience(*peers_, limits_);
    std::uint64_t taken = frames_taken();
    while (!all_taken()) {
        if (const std::uint64_t now = frames_taken(); now != taken) {
            taken = now;
            patience.renew();
        }
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms());
        if (!slice_ms) {
            give_up_behind(published_);
            return {};
        }
        sleep_at(view_.writer_bell(), *peers_, *slice_ms, all_taken);
    }
    return {};
}

void FrameRingWriter::set_state(std::uint32_t state, std::uint32_t abort_cause) {
    layout::WriterLine& line = view_.writer_line();
    // relaxed: `state` below carries it along; only onlookers read it
    shared::store(line.abort_cause, abort_cause, std::memory_order_relaxed);
    // partners: the loads in FrameRingReader::has_ended and writer_condition
    const Told told = store_news(line.state, state);
    ring_if_slept(view_.readers_bell(), *peers_, told);
}

}  // namespace mapferry::inline v1
