#include "stream/reader/await_section.h"

#include <algorithm>
#include <optional>
#include <string>

#include "format/shared_access.h"
#include "ring/patience.h"
#include "section/occupied_name.h"

namespace mapferry {

namespace {

// The section's appearance can't be slept for, so it is looked for: often at first, since the other
// side is usually started at the same moment, then at a hundredth of a second.
constexpr std::int64_t kLookFirstUs = 50;
constexpr std::int64_t kLookLastUs = 10'000;

// Why there is nothing to read yet; decides what is said when time runs out.
enum class Obstacle : std::uint8_t { kNone, kMissing, kDeadWriter, kNoPlace, kBeingConsumed };

// Whether the writer still counts the reader that had this line before.
bool in_the_writers_book(const SectionView& view, std::uint32_t line) {
    // not slept for; relaxed: a hint only
    const std::uint64_t ticket =
        shared::load(view.reader_line(line).attachment, std::memory_order_relaxed) >> 8;
    const std::uint64_t verdict =
        shared::load(view.admission(line).verdict, std::memory_order_relaxed);
    return ticket != 0 && verdict == (ticket << 8 | layout::kVerdictAdmitted);
}

enum class Lines : std::uint8_t { kSettled, kAny };

Result<Obstacle> take_line_of(Arrival& arrival, Lines lines) {
    const SectionView& view = arrival.section.view;
    for (std::uint32_t line = 0; line < view.geometry().reader_limit; ++line) {
        auto role = platform::try_lock_role(arrival.section.object, layout::kRoleReaderBase + line);
        if (!role && role.error().code == Code::kBusy) continue;
        if (!role) return pass(role.error());
        if (lines == Lines::kSettled && in_the_writers_book(view, line)) continue;
        arrival.section.role = std::move(*role);
        arrival.line = line;
        return Obstacle::kNone;
    }
    return Obstacle::kNoPlace;
}

// Rather a line that the writer has settled: one that was left a moment ago may hold the last word
// of a reader that the writer has not heard yet.
Result<Obstacle> take_line(Arrival& arrival) {
    auto taken = take_line_of(arrival, Lines::kSettled);
    if (!taken || *taken == Obstacle::kNone) return taken;
    return take_line_of(arrival, Lines::kAny);
}

Result<Obstacle> take_consumption(Arrival& arrival) {
    auto writable = check_writable(arrival.section, "a consumer removes it");
    if (!writable) return pass(writable.error());
    auto role = platform::try_lock_role(arrival.section.object, layout::kRoleConsumer);
    if (!role && role.error().code == Code::kBusy) return Obstacle::kBeingConsumed;
    if (!role) return pass(role.error());
    // The consumer before us removed it while we had it open already.
    auto current = platform::is_current(arrival.section.object);
    if (!current) return pass(current.error());
    if (!*current) return Obstacle::kMissing;
    arrival.section.role = std::move(*role);
    return Obstacle::kNone;
}

// Whether this section is of use, now.
Result<Obstacle> consider(Arrival& arrival, const ReaderOptions& options) {
    const SectionView& view = arrival.section.view;
    const bool alive = writer_lives(arrival.section.object);
    // not slept for; acquire: partner is the store in RingWriter::set_state. After the look at the
    // lock: a writer that ended properly before it died is seen to have ended.
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
    if (ended) return Obstacle::kMissing;  // just finished; about to be removed
    auto writable =
        check_writable(arrival.section, "a reader of a stream writes into it what it has taken");
    if (!writable) return pass(writable.error());
    return take_line(arrival);
}

Status out_of_time(const ReaderOptions& options, Obstacle obstacle) {
    const std::string what = to_string(options.address);
    switch (obstacle) {
        case Obstacle::kDeadWriter:
            return {Code::kPeerGone, what + " was left unfinished by a writer that died",
                    "start the writer again, or clean up with mapferry-reader gc", 0};
        case Obstacle::kNoPlace:
            return {Code::kTimedOut, "all places for readers of " + what + " are taken", {}, 0};
        case Obstacle::kBeingConsumed:
            return {Code::kTimedOut, what + " is being consumed by another reader", {}, 0};
        case Obstacle::kNone:
        case Obstacle::kMissing:
            break;
    }
    if (options.timeout_ms <= 0)
        return {Code::kNotFound, "there is no " + what, "wait for it with --timeout 30s", 0};
    return {Code::kTimedOut,
            what + " did not appear within " + std::to_string(options.timeout_ms) + " ms",
            "start mapferry-writer with the same --name, or give more --timeout", 0};
}

}  // namespace

Result<Arrival> await_section(const ReaderOptions& options) {
    const std::int64_t began_ns = platform::monotonic_ns();
    Obstacle obstacle = Obstacle::kMissing;
    std::optional<Status> no_section;  // what has the name instead of one
    while (true) {
        if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed) != 0)
            return fail(Code::kInterrupted, "interrupted");
        Arrival arrival;
        auto section = open_section(options.address);
        no_section.reset();
        if (section) {
            arrival.section = std::move(*section);
            auto found = consider(arrival, options);
            if (!found) return pass(found.error());
            if (*found == Obstacle::kNone) return arrival;
            obstacle = *found;
        } else if (section.error().code == Code::kNotFound ||
                   section.error().code == Code::kNotReady) {
            obstacle = Obstacle::kMissing;
            if (section.error().code == Code::kNotReady) no_section = section.error();
        } else {
            return pass(section.error());
        }
        const std::int64_t waited_us = (platform::monotonic_ns() - began_ns) / 1000;
        if (waited_us >= bounded_ms(options.timeout_ms) * 1000)
            return pass(no_section ? still_no_section(*no_section, options.timeout_ms)
                                   : out_of_time(options, obstacle));
        platform::sleep_us(std::clamp(waited_us / 8, kLookFirstUs, kLookLastUs));
    }
}

}  // namespace mapferry
