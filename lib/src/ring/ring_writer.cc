// SPDX-License-Identifier: Apache-2.0
#include "ring/ring_writer.h"

#include <algorithm>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "format/ring_group.h"
#include "format/shared_access.h"
#include "format/slot_seal.h"
#include "mapferry/detail/hash.h"
#include "ring/bell.h"
#include "ring/readers_to_come.h"

namespace mapferry::inline v1 {

RingWriter::RingWriter(const SectionView& view, Peers& peers, const WaitLimits& limits)
    : view_(view),
      peers_(&peers),
      limits_(limits),
      table_(view, peers),
      group_(group_messages(view.geometry())) {}

Result<void> RingWriter::wait_for_readers(std::uint32_t count, std::int64_t timeout_ms) {
    return wait_for_readers_to_come(
        *peers_, view_.writer_bell(), limits_.stop,
        {.count = count, .timeout_ms = timeout_ms, .remedy = Remedy::kStartReaders},
        [&] { return table_.count_waiting(); });
}

bool RingWriter::slot_is_free() {
    const std::uint64_t slots = view_.geometry().slot_count;
    // The slot still holds message sequence_ - slots, and is free once every cursor is beyond it.
    // The first comparison keeps the subtraction from going below zero.
    if (sequence_ < slots || slowest_ > sequence_ - slots) return true;
    table_.refresh(sequence_);
    slowest_ = table_.slowest_cursor(sequence_);
    // Not free without readers: wait_for_release() then reports why there are none.
    return table_.any_attached() && slowest_ > sequence_ - slots;
}

Status RingWriter::all_lost() const {
    std::string message = "no reader is left";
    if (!table_.last_loss().empty()) message += ": " + table_.last_loss();
    return Status{Code::kPeerGone, std::move(message), {}, 0};
}

Result<std::span<std::byte>> RingWriter::acquire(std::uint64_t slots) {
    TRY(check_stop(limits_.stop));
    const Geometry& geometry = view_.geometry();
    if (geometry.delivery == Delivery::kKeep && geometry.slot_count - sequence_ < slots)
        return fail(Code::kIo, "the section is full: it was made for " +
                                   std::to_string(geometry.slot_count) + " slots of " +
                                   std::to_string(geometry.slot_capacity_bytes) + " bytes");
    if (!slot_is_free()) {
        TRY(wait_for_release(sequence_ - view_.geometry().slot_count + 1));
    }
    return view_.payload(sequence_);
}

// Waits until every attached reader's cursor is at `needed` or beyond. Drops readers that die, or
// that stall if there is a stall timeout, on the way.
Result<void> RingWriter::wait_for_release(std::uint64_t needed) {
    // Readers may still sleep through the messages of an unfinished group. They must be woken
    // first, or both sides would sleep: the readers for messages, the writer for their cursors.
    flush();
    std::int64_t began_ms = peers_->now_ms();
    const auto released = [&] {
        table_.refresh(sequence_);
        slowest_ = table_.slowest_cursor(sequence_);
        return slowest_ >= needed;
    };
    const std::int64_t sleep_began_ms = began_ms;
    std::int64_t probed_ms = began_ms;
    std::int64_t looked_ms = began_ms;
    bool done = spin_for(*peers_, released);
    while (!done) {
        TRY(check_stop(limits_.stop));
        const std::int64_t slice_ms = std::min(probe_after_ms(looked_ms - sleep_began_ms),
                                               limits_.timeout_ms.value_or(kProbeMs));
        sleep_at(view_.writer_bell(), *peers_, slice_ms, released);
        const std::int64_t now_ms = peers_->now_ms();
        // A gap shows that this process was stopped. Readers that it could not see meanwhile get
        // their whole stall timeout again.
        if (Patience::own_stop_ms(looked_ms, now_ms) > 0) began_ms = now_ms;
        looked_ms = now_ms;
        // One system call for each reader that is behind: made once in a slice, not at every
        // wake-up.
        if (now_ms - probed_ms >= slice_ms) {
            if (peers_->memory_is_lost()) return memory_is_gone();
            table_.drop_lost(needed, sequence_, began_ms, limits_.timeout_ms);
            probed_ms = now_ms;
        }
        done = released();
    }
    // With no reader left the slowest cursor is sequence_, so the loop ends as if all was released.
    if (!table_.any_attached()) return std::unexpected(all_lost());
    return {};
}

std::uint64_t RingWriter::free_run() {
    const std::uint64_t slots = view_.geometry().slot_count;
    const std::uint64_t to_the_end = slots - sequence_ % slots;
    if (view_.geometry().delivery == Delivery::kKeep) return to_the_end;
    table_.refresh(sequence_);
    // Reported as one slot: acquire() comes to wait for release within one ring, and fails there.
    if (!table_.any_attached()) return 1;
    slowest_ = table_.slowest_cursor(sequence_);
    const std::uint64_t taken = sequence_ - std::min(slowest_, sequence_);
    return std::clamp<std::uint64_t>(slots - std::min(taken, slots), 1, to_the_end);
}

void RingWriter::publish_hashed(const MessageFacts& facts, std::uint64_t bytes,
                                std::uint64_t xxh3) {
    describe_next(facts, bytes, xxh3);
    // not slept for until flush(); release: partner is the load in RingReader::has_message; slot
    // and bytes come with it
    shared::store(view_.writer_line().published, sequence_, std::memory_order_release);
    if (++unflushed_ >= group_) flush();
}

std::uint64_t RingWriter::publish_whole(const MessageFacts& facts, std::uint64_t bytes) {
    const std::uint64_t hash =
        xxh3_64(view_.payload(sequence_).first(static_cast<std::size_t>(bytes)));
    describe_next(facts, bytes, hash);
    // Both store `published`, with slot and bytes before it.
    if (++unflushed_ >= group_)
        flush();
    else
        end_payload();
    return hash;
}

// Fills the next message's descriptor, and counts its slots as used.
void RingWriter::describe_next(const MessageFacts& facts, std::uint64_t bytes, std::uint64_t xxh3) {
    layout::Slot slot{};
    slot.sequence = sequence_ + 1;
    slot.bytes = bytes;
    slot.xxh3 = xxh3;
    slot.payload_offset = facts.payload_offset;
    slot.payload_index = facts.payload_index;
    slot.timestamp_unix_ns = facts.timestamp_unix_ns;
    slot.kind = facts.kind;
    slot.flags = facts.flags;
    slot.payload_count = facts.payload_count;
    slot.image = facts.image;
    slot.holes = facts.holes;
    slot.more_slots = facts.more_slots;
    slot.slot_xxh3 = seal_of(slot, view_.epoch());
    shared::put(view_.slot(sequence_), slot);
    layout::WriterLine& line = view_.writer_line();
    // not slept for; relaxed: for onlookers only
    if (sequence_ == 0) shared::store(line.state, layout::kStateOpen, std::memory_order_relaxed);
    sequence_ += 1 + facts.more_slots;
}

void RingWriter::flush() {
    // The value may be stored already. It is stored once more, in the order that lets this thread
    // look at the sleepers after it (bell.h); partner: the load in RingReader::has_message.
    const Told told = store_news(view_.writer_line().published, sequence_);
    ring_if_slept(view_.readers_bell(), *peers_, told);
    unflushed_ = 0;
}

void RingWriter::end_payload() {
    if (unflushed_ == 0) return;
    // partner: the load in RingReader::has_message. Readers that nap are not woken, so unflushed_
    // stays: their group may still fill.
    const Told told = store_news(view_.writer_line().published, sequence_);
    ring_if_slept(view_.readers_bell(), *peers_, told, kSleeping);
}

Result<void> RingWriter::check_readers() {
    TRY(check_stop(limits_.stop));
    if (view_.geometry().delivery == Delivery::kKeep) return {};
    table_.refresh(sequence_);
    // The stall time begins at this call, so no idle reader is given up here. Only dead ones are
    // dropped; sequence_ + 1 makes the ones that have released everything count as behind.
    table_.drop_lost(sequence_ + 1, sequence_, peers_->now_ms(), limits_.timeout_ms);
    // Before the first payload, readers wait to be admitted.
    if (!table_.any_attached() && table_.count_waiting() == 0) return std::unexpected(all_lost());
    return {};
}

void RingWriter::set_state(std::uint32_t state, std::uint32_t abort_cause) {
    layout::WriterLine& line = view_.writer_line();
    // relaxed: `state` below carries it along; partner: the load in RingReader::ended_status
    shared::store(line.abort_cause, abort_cause, std::memory_order_relaxed);
    // The state is stored after the last `published`: a reader that sees the end sees every
    // message; partner: the load in RingReader::has_ended.
    store_news(line.state, state);
    flush();
}

Result<void> RingWriter::drain() {
    auto waited = wait_for_release(sequence_);
    table_.count_served(sequence_);
    // kPeerGone is no failure here: the tally shows which readers got everything.
    if (!waited && waited.error().code != Code::kPeerGone) return waited;
    return {};
}

}  // namespace mapferry::inline v1
