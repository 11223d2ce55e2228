// SPDX-License-Identifier: Apache-2.0
#include "ring/reader_table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "format/reader_line.h"
#include "format/shared_access.h"
#include "format/wire_cause.h"
#include "ring/bell.h"

namespace mapferry::inline v1 {

namespace {

// The reason that a reader left in its line.
std::string gave_up(std::uint32_t cause) {
    return "it gave up (" + std::string(code_name(code_from_wire(cause))) + ")";
}

}  // namespace

bool ReaderTable::waits(std::uint32_t reader, std::uint64_t& ticket) const {
    // partner: the store in RingReader::ask_for_place
    const std::uint64_t attachment = load_news(view_.reader_line(reader).attachment);
    ticket = ticket_of(attachment);
    if (phase_of(attachment) != layout::kPhaseWaiting || !is_ticket(ticket)) return false;
    // not slept for; relaxed: only this writer stores verdicts
    const std::uint64_t verdict =
        shared::load(view_.admission(reader).verdict, std::memory_order_relaxed);
    return ticket_of(verdict) != ticket;
}

std::uint32_t ReaderTable::count_waiting() const {
    std::uint32_t count = 0;
    std::uint64_t ticket = 0;
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader)
        if (waits(reader, ticket) && peers_->reader_lives(reader)) ++count;
    return count;
}

void ReaderTable::admit_waiting(std::uint64_t first_sequence) {
    std::uint64_t ticket = 0;
    std::optional<Told> admitted;
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader) {
        if (!waits(reader, ticket)) continue;
        Seat& seat = seats_[reader];
        // The seat already has this ticket, so only the answer in the section was damaged: it is
        // stored again, with the old first sequence.
        if (seat.ticket != ticket) {
            // The line has a new owner, so the reader in this seat is gone.
            if (seat.ticket != 0) lose(reader, layout::kVerdictClosed, "it died");
            seat = {.ticket = ticket, .cursor = first_sequence, .moved_ms = peers_->now_ms()};
        }
        layout::Admission& answer = view_.admission(reader);
        const std::uint64_t first = seat.cursor;
        shared::store(answer.first_sequence, first, std::memory_order_relaxed);
        // partner: the load in RingReader::await_place; first_sequence comes with it
        admitted = store_news(answer.verdict, line_word(ticket, layout::kVerdictAdmitted));
    }
    if (admitted) ring_if_slept(view_.readers_bell(), *peers_, *admitted);
}

void ReaderTable::refresh_seat(std::uint32_t reader, std::uint64_t published) {
    Seat& seat = seats_[reader];
    const layout::ReaderLine& line = view_.reader_line(reader);
    // The attachment is loaded before the cursor; partner: the store in RingReader::leave; it comes
    // after the reader's last cursor, so when the phase shows that the reader has left, the cursor
    // read below is its last one.
    const std::uint64_t attachment = load_news(line.attachment);
    if (ticket_of(attachment) != seat.ticket)
        return lose(reader, layout::kVerdictClosed, "it died");
    // partner: the store in RingReader::release; it also keeps this thread's later refilling of the
    // slots behind the reader's last look at them.
    const std::uint64_t cursor = load_news(line.cursor);
    const bool moved = cursor != layout::kCursorUnset && cursor != seat.cursor;
    if (moved && (cursor < seat.cursor || cursor > published))
        return lose(reader, layout::kVerdictGivenUp, "its cursor makes no sense");
    if (moved) {
        seat.cursor = cursor;
        seat.moved_ms = peers_->now_ms();
    }
    // A reader that left with everything keeps its seat, so that count_served() can count it.
    const std::uint64_t phase = phase_of(attachment);
    if (phase == layout::kPhaseFailed) {
        // relaxed: it came with the attachment; partner: the store in RingReader::leave
        const auto cause = shared::load(line.detach_cause, std::memory_order_relaxed);
        lose(reader, layout::kVerdictClosed, gave_up(cause));
    } else if (phase == layout::kPhaseDone && seat.cursor != published) {
        lose(reader, layout::kVerdictClosed, "it left early");
    }
}

void ReaderTable::refresh(std::uint64_t published) {
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader)
        if (seats_[reader].ticket != 0) refresh_seat(reader, published);
}

std::uint64_t ReaderTable::slowest_cursor(std::uint64_t published) const {
    std::uint64_t slowest = published;
    for (const Seat& seat : seats_)
        if (seat.ticket != 0) slowest = std::min(slowest, seat.cursor);
    return slowest;
}

void ReaderTable::drop_lost(std::uint64_t needed, std::uint64_t published,
                            std::int64_t deadline_start_ms,
                            std::optional<std::int64_t> stall_timeout_ms) {
    const std::int64_t now_ms = peers_->now_ms();
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader) {
        const Seat& seat = seats_[reader];
        if (seat.ticket == 0 || seat.cursor >= needed) continue;
        // The kernel is asked first and the line is read afterwards. A reader that left or moved on
        // just before its death is then judged by its last stores.
        const bool lives = peers_->reader_lives(reader);
        refresh_seat(reader, published);
        if (seat.ticket == 0 || seat.cursor >= needed) continue;
        if (!lives)
            lose(reader, layout::kVerdictClosed, "it died");
        else if (stall_timeout_ms &&
                 now_ms - std::max(seat.moved_ms, deadline_start_ms) >= *stall_timeout_ms)
            lose(reader, layout::kVerdictGivenUp, "it made no progress");
    }
}

void ReaderTable::lose(std::uint32_t reader, std::uint64_t verdict, std::string reason) {
    Seat& seat = seats_[reader];
    // partner: the load in RingReader::was_given_up; a reader looks when bytes do not match their
    // checksum
    store_news(view_.admission(reader).verdict, line_word(seat.ticket, verdict));
    // release: no byte of a slot is changed before the verdict is stored; partner: the fence in
    // RingReader::was_given_up
    shared::fence(std::memory_order_release);
    seat = {};
    ++tally_.lost;
    last_loss_ = std::move(reason);
    show_report();
}

bool ReaderTable::any_attached() const {
    return std::ranges::any_of(seats_, [](const Seat& seat) { return seat.ticket != 0; });
}

void ReaderTable::count_served(std::uint64_t published) {
    for (std::uint32_t reader = 0; reader < view_.geometry().reader_limit; ++reader) {
        Seat& seat = seats_[reader];
        if (seat.ticket == 0 || seat.cursor != published) continue;
        // relaxed: a reader stores the cause before its last cursor, and refresh_seat acquired that
        // cursor
        const auto cause =
            shared::load(view_.reader_line(reader).detach_cause, std::memory_order_relaxed);
        if (cause != 0) {
            lose(reader, layout::kVerdictClosed, gave_up(cause));
            continue;
        }
        seat = {};
        ++tally_.served;
    }
    show_report();
}

void ReaderTable::show_report() const {
    layout::WriterLine& line = view_.writer_line();
    // relaxed: for onlookers only
    shared::store(line.readers_lost, std::uint64_t{tally_.lost}, std::memory_order_relaxed);
    shared::store(line.readers_served, std::uint64_t{tally_.served}, std::memory_order_relaxed);
}

}  // namespace mapferry::inline v1
