// SPDX-License-Identifier: Apache-2.0
#include "ring/ring_reader.h"

#include <algorithm>
#include <utility>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "format/later_version.h"
#include "format/reader_line.h"
#include "format/ring_group.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "format/wire_cause.h"
#include "ring/abort_note.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

RingReader::RingReader(const SectionView& view, Peers& peers, const WaitLimits& limits)
    : view_(view), peers_(&peers), limits_(limits), group_(group_messages(view.geometry())) {}

void RingReader::ask_for_place(std::uint32_t line, std::uint32_t process_id) {
    line_ = line;
    layout::ReaderLine& mine = view_.reader_line(line);
    // not slept for; relaxed: the lock of this line's role makes this process its only writer. The
    // writer's answers to earlier readers, which it knew to be gone, came before that lock
    ticket_ = next_ticket(shared::load(mine.attachment, std::memory_order_relaxed),
                          shared::load(view_.admission(line).verdict, std::memory_order_relaxed));
    // not slept for before the attachment below; relaxed: the attachment is stored after it
    shared::store(mine.cursor, layout::kCursorUnset, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i)
        shared::store(layout::lease_of(mine, i), std::uint64_t{0}, std::memory_order_relaxed);
    // relaxed, both: the attachment carries them along
    shared::store(mine.pid, process_id, std::memory_order_relaxed);
    shared::store(mine.detach_cause, std::uint32_t{0}, std::memory_order_relaxed);
    has_place_ = false;
    // partner: the load in ReaderTable::waits
    const Told told = store_news(mine.attachment, line_word(ticket_, layout::kPhaseWaiting));
    ring_if_slept(view_.writer_bell(), *peers_, told);
}

Result<void> RingReader::await_place() {
    if (has_place_) return {};
    const layout::Admission& answer = view_.admission(*line_);
    const std::uint64_t admitted = line_word(ticket_, layout::kVerdictAdmitted);
    const auto has_place = [&] {
        // partner: the store in ReaderTable::admit_waiting; first_sequence comes with it
        return load_news(answer.verdict) == admitted;
    };
    Patience patience(*peers_, limits_);
    while (!has_place()) {
        // The writer admitted this reader and gave it up again while this process was stopped.
        if (was_given_up()) return std::unexpected(given_up());
        if (has_ended()) {
            // The writer may have admitted this reader between the two looks, and then ended.
            if (has_place()) break;
            if (has_aborted()) return std::unexpected(ended_status());
            return fail(Code::kPeerGone,
                        "the stream ended before another payload began; this reader came too late",
                        "start the reader before the writer sends", Remedy::kKeepPayload);
        }
        auto checked = check_writer(patience);
        // The writer's last words before its death count, so they are looked for once more.
        if (!checked && (has_place() || has_ended())) continue;
        if (!checked) return checked;
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms([&] {
            return fail(Code::kTimedOut,
                        "the writer lives but began no payload for " +
                            std::to_string(limits_.timeout_ms.value_or(0)) + " ms",
                        Remedy::kStartMoreReaders);
        }));
        sleep_at(view_.readers_bell(), *peers_, slice_ms,
                 [&] { return has_place() || has_ended(); });
    }
    // relaxed: it came with the verdict
    sequence_ = shared::load(answer.first_sequence, std::memory_order_relaxed);
    released_ = sequence_;
    has_place_ = true;
    return {};
}

bool RingReader::has_message() {
    if (sequence_ < published_) return true;
    // partners: the stores in RingWriter::publish_hashed and flush; slots and bytes come with it
    published_ = load_news(view_.writer_line().published);
    return sequence_ < published_;
}

bool RingReader::has_ended() const {
    // partner: the store in RingWriter::set_state; `published` was final before it
    const auto state = load_news(view_.writer_line().state);
    return state == layout::kStateEnded || state == layout::kStateAborted;
}

bool RingReader::has_aborted() const {
    // partner: the store in RingWriter::set_state
    return load_news(view_.writer_line().state) == layout::kStateAborted;
}

Status RingReader::ended_status() const {
    // A writer that gives up its last reader aborts too. The verdict was stored before the state.
    if (was_given_up()) return given_up();
    const layout::WriterLine& line = view_.writer_line();
    if (const std::string note = abort_note(view_); !note.empty())
        return Status{Code::kPeerGone, "the writer gave up: " + note, {}, 0};
    // relaxed: it came with `state`; partner: the store in RingWriter::set_state
    const Code cause = code_from_wire(shared::load(line.abort_cause, std::memory_order_relaxed));
    return Status{
        Code::kPeerGone, "the writer aborted (" + std::string(code_name(cause)) + ")", {}, 0};
}

Result<void> RingReader::check_writer(Patience& patience) {
    // not slept for; relaxed: only a change of the number matters; partner is the store in
    // RingWriter::flush
    const std::uint64_t published =
        shared::load(view_.writer_line().published, std::memory_order_relaxed);
    if (published != watched_) patience.renew();
    watched_ = published;
    if (peers_->writer_lives()) return {};
    return fail(Code::kPeerGone, "the writer died");
}

// Sleeps until there is a message or an end. First it releases every slot that this reader is done
// with; otherwise writer and reader could wait for each other. Between payloads it naps before it
// sleeps: a writer whose next payload is near would ring for each one, which costs the writer more
// than a small payload does. Within a payload it does not nap: the writer rings for a whole group
// anyway, and many readers that wake by themselves take the processor from it.
Result<void> RingReader::wait_for_news() {
    const auto news = [&] { return has_message() || has_ended(); };
    if (spin_for(*peers_, news)) return {};
    release();
    if (!is_in_payload_) nap_at(view_.readers_bell(), *peers_, news);
    Patience patience(*peers_, limits_);
    while (!news()) {
        TRY_ASSIGN(const auto slice_ms, patience.next_slice_ms([&] {
            return fail(Code::kTimedOut,
                        "the writer lives but sent nothing for " +
                            std::to_string(limits_.timeout_ms.value_or(0)) + " ms",
                        "it may be stopped; without a stall timeout it is waited for");
        }));
        sleep_at(view_.readers_bell(), *peers_, slice_ms, news);
        if (news()) break;
        auto checked = check_writer(patience);
        // The writer may have stored news between the look at it and its death.
        if (!checked && news()) break;
        if (!checked) return checked;
        if (was_given_up()) return std::unexpected(given_up());
    }
    return {};
}

Result<std::optional<Message>> RingReader::next() {
    TRY(check_stop(limits_.stop));
    TRY(await_place());
    if (!has_message()) {
        TRY(wait_for_news());
    }
    if (has_message()) {
        auto message = examine();
        if (!message && was_given_up()) return std::unexpected(given_up());
        if (!message) return std::unexpected(message.error());
        return *message;
    }
    // The state was stored after the last `published`, so no message can come any more.
    if (has_aborted()) return std::unexpected(ended_status());
    return std::nullopt;
}

RingNews RingReader::news_after(std::uint64_t messages) const {
    std::optional<ReaderPlace> place;
    if (line_) place = ReaderPlace{.line = *line_, .ticket = ticket_};
    return {view_, place, has_place_ ? std::optional(sequence_ + messages) : std::nullopt};
}

Result<void> RingReader::check_writer() const {
    if (peers_->memory_is_lost()) return memory_is_gone();
    if (was_given_up()) return std::unexpected(given_up());
    if (peers_->writer_lives()) return {};
    return fail(Code::kPeerGone, "the writer died");
}

bool RingReader::at_end() {
    // partner: the store in RingWriter::set_state; `published` was final before it
    return load_news(view_.writer_line().state) == layout::kStateEnded && !has_message();
}

std::unexpected<Status> RingReader::damaged(const char* field, std::uint64_t value) const {
    return fail(Code::kCorrupt, "message " + std::to_string(sequence_) +
                                    " is damaged: its descriptor's " + field + " is " +
                                    std::to_string(value));
}

// Validates the holes of a chunk. A chunk without holes is recognised by its flags alone.
Result<ChunkHoles> RingReader::examine_holes(const layout::Slot& slot) const {
    const Geometry& geometry = view_.geometry();
    const std::uint64_t capacity = geometry.slot_capacity_bytes;
    const ChunkHoles holes = holes_of(slot, capacity);
    if ((slot.flags & layout::kSlotHoles) == 0) return holes;
    if (holes.unit_bytes == 0) return damaged("flags", slot.flags);
    if (holes.bits == 0 || (holes.bits & ~holes.all_bits()) != 0)
        return damaged("holes", slot.holes);
    if (slot.more_slots == 0) return holes;
    if (slot.bytes != capacity || !holes.is_all() || slot.more_slots >= kHoleRunMax / capacity)
        return damaged("more_slots", slot.more_slots);
    // All slots that a message stands for are published with it; in keep the section also has them.
    const bool is_keep = geometry.delivery == Delivery::kKeep;
    const std::uint64_t end = is_keep ? std::min(published_, geometry.slot_count) : published_;
    if (slot.more_slots >= end - sequence_) return damaged("more_slots", slot.more_slots);
    return holes;
}

Result<Message> RingReader::examine() {
    const layout::Slot slot = shared::snapshot(view_.slot(sequence_));
    if (!is_sealed(slot, view_.epoch())) return damaged("checksum", slot.slot_xxh3);
    if (slot.sequence != sequence_ + 1) return damaged("sequence", slot.sequence);
    if (slot.bytes > view_.geometry().slot_capacity_bytes) return damaged("bytes", slot.bytes);
    if (slot.kind < layout::kKindManifest || slot.kind > layout::kKindPayload ||
        slot.kind == layout::kKindFrame)
        return damaged("kind", slot.kind);
    const bool is_whole = slot.kind == layout::kKindPayload;
    // Before the record is copied: the copy must not take as much memory as a section asks for.
    const bool is_record = slot.kind == layout::kKindManifest || slot.kind == layout::kKindEnd;
    if (is_record && slot.bytes > layout::kSlotCapacityMin) return damaged("bytes", slot.bytes);
    const Geometry& geometry = view_.geometry();
    if (geometry.delivery == Delivery::kKeep && sequence_ >= geometry.slot_count)
        return damaged("place (kept messages never wrap)", sequence_);
    // A kept payload always has a manifest and an end record: readers look at it in place.
    if (geometry.delivery == Delivery::kKeep && is_whole) return damaged("kind", slot.kind);
    const bool is_chunk = slot.kind == layout::kKindChunk;
    const std::uint32_t flags = is_whole ? layout::kSlotText : is_chunk ? layout::kSlotHoles : 0;
    TRY(check_flags(slot.flags, kSlotFlagsKnown, "message ", sequence_));
    if ((slot.flags & kSlotFlagsKnown & ~flags) != 0) return damaged("flags", slot.flags);
    TRY_ASSIGN(auto holes, examine_holes(slot));
    Message message{.facts = slot,
                    .sequence = sequence_,
                    .bytes = view_.payload(sequence_).first(static_cast<std::size_t>(slot.bytes)),
                    .holes = holes};
    slots_ = message.slots();
    is_in_payload_ = is_chunk || slot.kind == layout::kKindManifest;
    return message;
}

void RingReader::done() {
    sequence_ += std::exchange(slots_, 1);
    if (sequence_ - released_ >= group_) release();
}

void RingReader::release() {
    if (!line_ || released_ == sequence_) return;
    released_ = sequence_;
    // The store keeps this reader's last look at the slots before it; partner: the load in
    // ReaderTable::refresh_seat
    const Told told = store_news(view_.reader_line(*line_).cursor, released_);
    ring_if_slept(view_.writer_bell(), *peers_, told);
}

void RingReader::take_less(std::uint32_t cause) {
    if (!line_) return;
    // relaxed: the next cursor carries it along (release()); partner: the load in
    // ReaderTable::count_served
    shared::store(view_.reader_line(*line_).detach_cause, cause, std::memory_order_relaxed);
}

void RingReader::leave(std::uint64_t phase, std::uint32_t cause) {
    if (!line_) return;
    layout::ReaderLine& mine = view_.reader_line(*line_);
    // relaxed: the attachment below carries it along. A reader that took less says so to the end.
    if (cause != 0) shared::store(mine.detach_cause, cause, std::memory_order_relaxed);
    // Stored after the last cursor; partner: the load in ReaderTable::refresh_seat, which therefore
    // sees that cursor
    const Told told = store_news(mine.attachment, line_word(ticket_, phase));
    ring_if_slept(view_.writer_bell(), *peers_, told);
    line_.reset();
}

bool RingReader::was_given_up() const {
    if (!line_) return false;
    // acquire: a reader that saw bytes of a later message sees the verdict that came before them;
    // partner: the fence in ReaderTable::lose
    shared::fence(std::memory_order_acquire);
    // partner: the store in ReaderTable::lose
    return load_news(view_.admission(*line_).verdict) ==
           line_word(ticket_, layout::kVerdictGivenUp);
}

Status RingReader::given_up() {
    return Status{Code::kEvicted,
                  "the writer gave this reader up after it made no progress",
                  {},
                  0,
                  Remedy::kRaiseStallTimeout};
}

}  // namespace mapferry::inline v1
