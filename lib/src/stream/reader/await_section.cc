// SPDX-License-Identifier: Apache-2.0
#include "stream/reader/await_section.h"

#include <optional>
#include <string>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "format/reader_line.h"
#include "format/shared_access.h"
#include "section/occupied_name.h"
#include "section/wait_for_section.h"

namespace mapferry::inline v1 {

namespace {

// Why there is nothing to read yet. Decides which error is returned when the time is up.
enum class Obstacle : std::uint8_t { kNone, kMissing, kDeadWriter, kNoPlace, kBeingConsumed };

// Whether the writer still counts the line's earlier reader as admitted.
bool in_the_writers_book(const SectionView& view, std::uint32_t line) {
    // not slept for; relaxed: a hint only
    const std::uint64_t ticket =
        ticket_of(shared::load(view.reader_line(line).attachment, std::memory_order_relaxed));
    const std::uint64_t verdict =
        shared::load(view.admission(line).verdict, std::memory_order_relaxed);
    return ticket != 0 && verdict == line_word(ticket, layout::kVerdictAdmitted);
}

// Prefers a line that the writer has settled. A line that was left a moment ago may hold the last
// words of a reader, which the writer has not read yet.
Result<Obstacle> take_reader_line(Arrival& arrival) {
    const SectionView& view = arrival.section.view;
    const auto is_settled = [&view](std::uint32_t line) {
        return !in_the_writers_book(view, line);
    };
    TRY_ASSIGN(auto line, take_reader_line(arrival.section, is_settled));
    if (!line) {
        TRY_ASSIGN(line, take_reader_line(arrival.section, [](std::uint32_t) { return true; }));
    }
    arrival.line = line.value_or(0);
    return line ? Obstacle::kNone : Obstacle::kNoPlace;
}

Result<Obstacle> take_consumption(Arrival& arrival) {
    const platform::SharedObject& object = arrival.section.object;
    TRY(check_writable(arrival.section, "a consumer removes it"));
    if (!platform::may_remove(object))
        return fail(Code::kPermission,
                    to_string(object.address) +
                        " can't be removed by this user, and a consumer "
                        "removes it",
                    "receive it without consuming it, and let its owner remove it");
    auto role = platform::try_lock_role(object, layout::kRoleConsumer);
    if (!role && role.error().code == Code::kBusy) return Obstacle::kBeingConsumed;
    if (!role) return std::unexpected(role.error());
    // The consumer before this one may have removed the section when this process had it open
    // already.
    TRY_ASSIGN(auto current, platform::is_current(object));
    if (!current) return Obstacle::kMissing;
    arrival.section.role = std::move(*role);
    return Obstacle::kNone;
}

// Whether this section is of use now.
Result<Obstacle> consider(Arrival& arrival, const ReaderOptions& options) {
    const SectionView& view = arrival.section.view;
    const bool alive = writer_lives(arrival.section.object);
    // not slept for; acquire: partner is the store in RingWriter::set_state. The state is read
    // after the lock: a writer that ended properly before it died is seen to have ended.
    const auto state = shared::load(view.writer_line().state, std::memory_order_acquire);
    const bool ended = state == layout::kStateEnded || state == layout::kStateAborted;
    if (view.geometry().delivery == Delivery::kKeep) {
        if (state == layout::kStateAborted || (!alive && !ended)) return Obstacle::kDeadWriter;
        return options.consume == Consume::kRemoveWhenDone ? take_consumption(arrival)
                                                           : Obstacle::kNone;
    }
    if (view.geometry().delivery != Delivery::kStream && is_usable(arrival.section))
        return wrong_kind(arrival.section);
    if (!alive) return Obstacle::kDeadWriter;
    if (ended) return Obstacle::kMissing;  // it has just ended and is about to be removed
    TRY(check_writable(arrival.section, "a reader of a stream writes into it what it has taken"));
    return take_reader_line(arrival);
}

Status out_of_time(const ReaderOptions& options, Obstacle obstacle) {
    const std::string what = to_string(options.address);
    switch (obstacle) {
        case Obstacle::kDeadWriter:
            return {Code::kPeerGone, what + " was left unfinished by a writer that died",
                    "start the writer again", 0, Remedy::kCollectGarbage};
        case Obstacle::kNoPlace:
            return all_lines_taken(options.address, Code::kTimedOut);
        case Obstacle::kBeingConsumed:
            return {Code::kTimedOut, what + " is being consumed by another reader", {}, 0};
        case Obstacle::kNone:
        case Obstacle::kMissing:
            break;
    }
    return did_not_appear(options.address, options.timeout);
}

}  // namespace

Result<Arrival> await_section(const ReaderOptions& options) {
    const SectionWait wait(options.timeout, options.stop);
    Obstacle obstacle = Obstacle::kMissing;
    std::optional<Status> no_section;  // set where something else has the name
    while (true) {
        TRY(check_stop(options.stop));
        Arrival arrival;
        auto section = open_section(options.address);
        no_section.reset();
        if (section) {
            arrival.section = std::move(*section);
            TRY_ASSIGN(auto found, consider(arrival, options));
            if (found == Obstacle::kNone) return arrival;
            obstacle = found;
        } else if (section.error().code == Code::kNotFound ||
                   section.error().code == Code::kNotReady) {
            obstacle = Obstacle::kMissing;
            if (section.error().code == Code::kNotReady) no_section = section.error();
        } else {
            return std::unexpected(section.error());
        }
        TRY_ASSIGN(const bool in_time, wait.next_look());
        if (!in_time)
            return std::unexpected(no_section ? still_no_section(*no_section, options.timeout)
                                              : out_of_time(options, obstacle));
    }
}

}  // namespace mapferry::inline v1
