#include "frame_ring_writer.h"

#include <algorithm>
#include <limits>

#include "bell.h"
#include "mapferry/hash.h"
#include "shared_access.h"

namespace mapferry {

namespace {

// One being read, the newest, one being filled, and one of history for readers that want each.
constexpr std::uint32_t kActiveFirst = 4;

// Each round that fails takes a reader's step; more of them than this is one that stands still.
constexpr int kRounds = 100;

std::uint64_t ticket_of(std::uint64_t attachment) {
    return attachment >> 8;
}

bool wants_frames(std::uint64_t attachment) {
    return (attachment & 0xFF) == layout::kPhaseWaiting;
}

}  // namespace

FrameRingWriter::FrameRingWriter(const SectionView& view, Peers& peers, const WaitLimits& limits)
    : view_(view),
      peers_(&peers),
      limits_(limits),
      waits_(view.geometry().delivery == Delivery::kEach),
      marks_(static_cast<std::size_t>(view.geometry().slot_count), kFree),
      active_(std::min(kActiveFirst, static_cast<std::uint32_t>(view.geometry().slot_count))) {}

// Whether this reader takes part: attached, and not known to be dead.
bool FrameRingWriter::is_attached(std::uint32_t line, std::uint64_t attachment) {
    return wants_frames(attachment) && dead_[line] != ticket_of(attachment);
}

void FrameRingWriter::drop_dead(std::uint32_t line, std::uint64_t ticket) {
    if (dead_[line] == ticket) return;
    dead_[line] = ticket;
    if (given_up_[line] != ticket) ++readers_lost_;
}

// Whether a living reader leases the frame of this mark.
bool FrameRingWriter::is_leased(std::uint64_t mark) {
    bool leased = false;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        layout::ReaderLine& line = view_.reader_line(i);
        // seq_cst: partner is the store in FrameRingReader::attach. Before the leases: of a reader
        // that comes after this look, the claims come after the retirement.
        const std::uint64_t attachment = shared::load(line.attachment, std::memory_order_seq_cst);
        if (!is_attached(i, attachment)) continue;
        bool holds = false;
        for (std::uint32_t k = 0; k < layout::kLeasesPerReader; ++k) {
            // seq_cst: partner is the claiming store in FrameRingReader::claim; acquire for the
            // reader's last look at the bytes when it was given back
            holds |= shared::load(layout::lease_of(line, k), std::memory_order_seq_cst) == mark;
        }
        if (!holds) continue;
        if (peers_->reader_lives(i)) {
            leased = true;
        } else {
            drop_dead(i, ticket_of(attachment));
        }
    }
    return leased;
}

// Each: whether an attached reader has not taken the frame yet.
bool FrameRingWriter::is_unread(std::uint64_t sequence) {
    if (!waits_) return false;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        const std::uint64_t attachment = shared::load(line.attachment, std::memory_order_seq_cst);
        if (!is_attached(i, attachment) || given_up_[i] == ticket_of(attachment)) continue;
        // seq_cst: partner is the store in FrameRingReader::pass; the lease was stored before it
        if (shared::load(line.cursor, std::memory_order_seq_cst) > sequence) continue;
        if (peers_->reader_lives(i)) return true;
        drop_dead(i, ticket_of(attachment));
    }
    return false;
}

// Takes a readable slot away from readers, unless one of them has it.
FrameRingWriter::Attempt FrameRingWriter::retire(std::uint32_t slot) {
    const std::uint64_t mark = marks_[slot];
    if (is_unread(mark - 1)) return Attempt::kUnread;
    std::uint64_t& shared_mark = view_.slot_at(slot).sequence;
    // seq_cst: partner is the second look in FrameRingReader::claim. Store here, then look at the
    // leases; store the lease there, then look here: at least one sees the other.
    shared::store(shared_mark, std::uint64_t{0}, std::memory_order_seq_cst);
    if (!is_leased(mark)) return Attempt::kTaken;
    // release: the bytes never changed; partner is any look in FrameRingReader
    shared::store(shared_mark, mark, std::memory_order_release);
    return Attempt::kLeased;
}

// The readable slot with the smallest mark beyond `mark`.
std::optional<std::uint32_t> FrameRingWriter::oldest_after(std::uint64_t mark) const {
    std::optional<std::uint32_t> oldest;
    for (std::uint32_t i = 0; i < active_; ++i) {
        if (marks_[i] == kLoaned || marks_[i] <= mark) continue;
        if (!oldest || marks_[i] < marks_[*oldest]) oldest = i;
    }
    return oldest;
}

// Oldest first. The newest stays for those who come late.
FrameRingWriter::Retired FrameRingWriter::retire_oldest() {
    for (auto slot = oldest_after(0); slot && marks_[*slot] != published_;
         slot = oldest_after(marks_[*slot])) {
        const Attempt attempt = retire(*slot);
        if (attempt == Attempt::kTaken) return {.slot = slot};
        // And so are all the younger ones.
        if (attempt == Attempt::kUnread) return {.unread_mark = marks_[*slot]};
    }
    return {};
}

// Whether one more slot may come into use. All frames from the oldest unread one on are unread.
bool FrameRingWriter::may_grow(std::uint64_t unread_mark) const {
    if (active_ >= marks_.size()) return false;
    if (unread_mark == 0) return true;
    const auto unread = std::ranges::count_if(std::span(marks_).first(active_), [&](auto mark) {
        return mark != kLoaned && mark >= unread_mark;
    });
    return static_cast<std::uint64_t>(unread) < unread_limit_;
}

std::optional<std::uint32_t> FrameRingWriter::find_slot() {
    const auto active = std::span(marks_).first(active_);
    if (const auto free = std::ranges::find(active, kFree); free != active.end())
        return static_cast<std::uint32_t>(free - active.begin());
    Retired retired = retire_oldest();
    if (retired.slot) return retired.slot;
    if (may_grow(retired.unread_mark)) return active_++;
    // Readers that move on can be met at every slot in turn, though they never held all of them. A
    // frame that is still to be taken is waited for instead: each look at one asks the system.
    for (int round = 0; round < kRounds && !retired.slot && retired.unread_mark == 0; ++round)
        retired = retire_oldest();
    return retired.slot;
}

Result<std::uint32_t> FrameRingWriter::acquire(std::int64_t timeout_ms,
                                               std::uint64_t unread_limit) {
    unread_limit_ = unread_limit;
    const std::int64_t began_ms = peers_->now_ms();
    while (true) {
        if (Patience::stop_requested(limits_)) return fail(Code::kInterrupted, "interrupted");
        if (const auto slot = find_slot()) {
            marks_[*slot] = kLoaned;
            return *slot;
        }
        const auto oldest = oldest_after(0);
        const bool all_loaned = !oldest || marks_[*oldest] == published_;
        if (!waits_ || all_loaned)
            return fail(
                Code::kBusy,
                all_loaned ? "every slot but the newest is on loan" : "readers lease every slot",
                "make the section with more slots");
        const std::int64_t left_ms = timeout_ms - (peers_->now_ms() - began_ms);
        if (auto waited = wait_for_progress(left_ms); !waited) return pass(waited.error());
    }
}

// Each: gives up the living readers that still have the frame before `needed` to take.
void FrameRingWriter::give_up_behind(std::uint64_t needed) {
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        const std::uint64_t attachment = shared::load(line.attachment, std::memory_order_seq_cst);
        const std::uint64_t ticket = ticket_of(attachment);
        if (!is_attached(i, attachment) || given_up_[i] == ticket) continue;
        if (shared::load(line.cursor, std::memory_order_seq_cst) >= needed) continue;
        given_up_[i] = ticket;
        ++readers_lost_;
        // release: partner is the load in FrameRingReader::was_given_up. Its leases stay its own.
        shared::store(view_.admission(i).verdict, ticket << 8 | layout::kVerdictGivenUp,
                      std::memory_order_release);
    }
}

// Changes whenever a reader takes a frame.
std::uint64_t FrameRingWriter::frames_taken() const {
    std::uint64_t taken = 0;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const layout::ReaderLine& line = view_.reader_line(i);
        // relaxed: only a change of the numbers matters
        taken += shared::load(line.cursor, std::memory_order_relaxed);
    }
    return taken;
}

// Whether find_slot() would find one now. A frame that a reader holds stands in nobody's way.
FrameRingWriter::Outlook FrameRingWriter::look_ahead() {
    for (auto slot = oldest_after(0); slot && marks_[*slot] != published_;
         slot = oldest_after(marks_[*slot])) {
        const std::uint64_t mark = marks_[*slot];
        if (is_unread(mark - 1)) return {.has_slot = may_grow(mark), .unread_mark = mark};
        if (!is_leased(mark)) return {.has_slot = true};
    }
    return {.has_slot = may_grow(0)};
}

// Sleeps until a slot can be had, or the readers that are in the way are given up.
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
        const auto slice_ms = patience.next_slice_ms();
        if (!slice_ms && slice_ms.error().code != Code::kTimedOut) return pass(slice_ms.error());
        if (!slice_ms) {
            const Outlook now = look_ahead();
            if (!now.has_slot && now.unread_mark == 0)
                return fail(Code::kBusy, "readers lease every slot",
                            "make the section with more slots");
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
    layout::Slot descriptor{};
    descriptor.sequence = mark;
    descriptor.bytes = bytes;
    descriptor.xxh3 = facts.xxh3.value_or(0);
    descriptor.payload_index = sequence;
    descriptor.timestamp_unix_ns = facts.timestamp_unix_ns;
    descriptor.kind = layout::kKindFrame;
    descriptor.flags = facts.xxh3 ? 0 : layout::kSlotUnhashed;
    descriptor.image = facts.image;
    descriptor.slot_xxh3 =
        xxh3_64(std::as_bytes(std::span(&descriptor, 1)).first(offsetof(layout::Slot, slot_xxh3)),
                view_.epoch());
    layout::Slot& target = view_.slot_at(slot);
    descriptor.sequence = 0;
    shared::put(target, descriptor);
    // release: partner is the first look in FrameRingReader::claim; descriptor and bytes come with
    // it
    shared::store(target.sequence, mark, std::memory_order_release);
    marks_[slot] = mark;
    published_ = mark;
    layout::WriterLine& line = view_.writer_line();
    if (sequence == 0) shared::store(line.state, layout::kStateOpen, std::memory_order_relaxed);
    // relaxed: for onlookers
    shared::store(line.published, mark, std::memory_order_relaxed);
    payload_bytes_ += bytes;
    shared::store(line.payload_bytes, payload_bytes_, std::memory_order_relaxed);
    // seq_cst: the news of ring_if_slept; partner is the load in FrameRingReader::newest
    shared::store(view_.frame_line().newest, mark << layout::kNewestSlotBits | slot,
                  std::memory_order_seq_cst);
    ring_if_slept(view_.readers_bell(), *peers_);
    return sequence;
}

void FrameRingWriter::give_back(std::uint32_t slot) {
    marks_[slot] = kFree;
}

std::uint32_t FrameRingWriter::count_attached() {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < view_.geometry().reader_limit; ++i) {
        const std::uint64_t attachment =
            shared::load(view_.reader_line(i).attachment, std::memory_order_seq_cst);
        if (is_attached(i, attachment) && peers_->reader_lives(i)) ++count;
    }
    return count;
}

Result<void> FrameRingWriter::wait_for_readers(std::uint32_t count, std::int64_t timeout_ms) {
    Patience patience(*peers_, {.timeout_ms = timeout_ms, .stop = limits_.stop});
    const auto all_here = [&] { return count_attached() >= count; };
    while (!all_here()) {
        const auto slice_ms = patience.next_slice_ms();
        if (!slice_ms && slice_ms.error().code != Code::kTimedOut) return pass(slice_ms.error());
        if (!slice_ms)
            return fail(Code::kTimedOut,
                        "only " + std::to_string(count_attached()) + " of " +
                            std::to_string(count) + " readers came within " +
                            std::to_string(timeout_ms) + " ms",
                        "start mapferry-reader --frames with the same --name");
        sleep_at(view_.writer_bell(), *peers_, *slice_ms, all_here);
    }
    return {};
}

Result<void> FrameRingWriter::drain() {
    if (!waits_ || published_ == 0) return {};
    const auto all_taken = [&] { return !is_unread(published_ - 1); };
    Patience patience(*peers_, limits_);
    std::uint64_t taken = frames_taken();
    while (!all_taken()) {
        if (const std::uint64_t now = frames_taken(); now != taken) {
            taken = now;
            patience.renew();
        }
        const auto slice_ms = patience.next_slice_ms();
        if (!slice_ms && slice_ms.error().code != Code::kTimedOut) return pass(slice_ms.error());
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
    shared::store(line.abort_cause, abort_cause, std::memory_order_relaxed);
    // seq_cst: the news of ring_if_slept; partner is the load in FrameRingReader::writer_state
    shared::store(line.state, state, std::memory_order_seq_cst);
    ring_if_slept(view_.readers_bell(), *peers_);
}

}  // namespace mapferry
