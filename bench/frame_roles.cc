// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <thread>

#include "bench/processes.h"
#include "bench/shared_byte.h"

namespace mapferry::bench {

namespace {

FrameWay find_way(const std::string& name) {
    const auto ways = all_frame_ways();
    const auto way = std::ranges::find(ways, name, &FrameWay::name);
    if (way == ways.end()) give_up("no such way: " + name);
    return *way;
}

FrameTask task_of(const Round& round) {
    return {.channel = std::filesystem::path(round.folder).filename(),
            .folder = round.folder,
            .frame_bytes = round.frame_bytes,
            .pace = round.pace};
}

std::string progress_path(const Round& round) {
    return round.folder + "/progress";
}

bool is_changed(const Round& round, std::uint64_t count) {
    return round.fault == Fault::kChangedByte && count == round.changed_frame();
}

// Makes the frame wrong where the round wants that of this frame. Where the sender's checksum
// travels along, the receiver does it instead, because that checksum would be of the wrong bytes.
void change(std::span<std::byte> frame, const FrameWay& way, const Round& round,
            std::uint64_t count) {
    if (way.hashing == Hashing::kByReceiver && is_changed(round, count))
        frame[frame.size() / 2] ^= std::byte{1};
}

// The sender stays awake for this time before it sends, because a process that has just slept is
// slow for reasons of its own.
constexpr std::int64_t kAwakeNs = 200'000;

// Waits until the receiver is idle, and for `gap_us` more, so that a receiver that sleeps has
// fallen asleep.
void wait_for_turn(Progress& progress, std::uint64_t number, std::int64_t gap_us) {
    while (progress.done() < number)
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    std::this_thread::sleep_for(std::chrono::microseconds(gap_us));
    const std::int64_t woke_ns = now_ns();
    while (now_ns() - woke_ns < kAwakeNs) {
    }
}

// Sends one frame. Returns the time that this took the sender, in ns.
std::int64_t send_one(FrameSender& sender, const FrameWay& way, FrameContent& content,
                      std::uint64_t number, Progress& progress, const Round& round) {
    const std::span<std::byte> source = content.frame(number);
    const std::span<std::byte> loan =
        way.kind == Kind::kHandOver ? sender.loan() : std::span<std::byte>{};
    if (!loan.empty()) std::ranges::copy(source, loan.begin());
    set_number(loan.empty() ? source : loan, number);
    change(loan.empty() ? source : loan, way, round, number);
    wait_for_turn(progress, number, round.gap_us);
    const std::int64_t began_ns = now_ns();
    progress.set_sent_ns(began_ns);
    if (loan.empty()) {
        sender.send_copy(source);
    } else {
        sender.send_loan();
    }
    return now_ns() - began_ns;
}

// The number of a frame that is sent flat out. For frames in place it is even: all frames then have
// the same bytes, so that a slot is filled once and only its number is written again.
std::uint64_t flat_out_number(Kind kind, std::uint64_t count) {
    return kind == Kind::kHandOver ? count * kVariants : count;
}

void send_flat_out(FrameSender& sender, const FrameWay& way, FrameContent& content,
                   Progress& progress, const Round& round) {
    const Kind kind = way.kind;
    std::set<const std::byte*> filled;
    for (std::uint64_t count = 0; count < round.warm_up_frames + round.frames; ++count) {
        // No earlier frame may be on its way when the clock starts.
        if (count == round.warm_up_frames) {
            wait_for_turn(progress, count, 0);
            progress.set_sent_ns(now_ns());
        }
        const std::uint64_t number = flat_out_number(kind, count);
        const std::span<std::byte> source = content.frame(number);
        if (kind == Kind::kCopy) {
            set_number(source, number);
            change(source, way, round, count);
            sender.send_copy(source);
            continue;
        }
        const std::span<std::byte> loan = sender.loan();
        if (filled.insert(loan.data()).second) std::ranges::copy(source, loan.begin());
        set_number(loan, number);
        change(loan, way, round, count);
        sender.send_loan();
    }
}

// The times of one received frame: when it was there, and when every byte was checked.
struct Times {
    std::int64_t received_ns = 0;
    std::int64_t checked_ns = 0;
};

// Empty: the frame has wrong bytes. `changes` it: after its checksum was taken.
std::optional<Times> receive_one(FrameReceiver& receiver, ContentCheck& check, const Round& round,
                                 std::uint64_t number, bool changes) {
    Times times;
    const std::span<const std::byte> frame = receiver.receive(check);
    times.received_ns = now_ns();
    if (changes) change_shared_byte(&frame[frame.size() / 2]);
    bool is_right = number_of(frame) == number;
    if (is_right && round.checking == Checking::kAll)
        is_right = receiver.checks_on_the_way() ? check.pieces_are_right(number)
                                                : receiver.is_right(check, frame);
    times.checked_ns = now_ns();
    if (is_right) return times;
    fmt::print(stderr, "bench: {}: frame {} came with wrong bytes\n", round.way, number);
    return std::nullopt;
}

}  // namespace

int run_sender(const Round& round) {
    stay_on(Processor::kFirst);
    const FrameWay way = find_way(round.way);
    const auto sender = way.make_sender(task_of(round));
    FrameContent content(round.frame_bytes);
    Progress progress(progress_path(round));
    sender->wait_for_receiver();
    const std::uint64_t all_frames = round.warm_up_frames + round.frames;
    if (round.pace == Pace::kFlatOut) {
        send_flat_out(*sender, way, content, progress, round);
    } else {
        for (std::uint64_t number = 0; number < all_frames; ++number) {
            const std::int64_t sent_ns = send_one(*sender, way, content, number, progress, round);
            if (number >= round.warm_up_frames) fmt::print("{}\n", sent_ns);
        }
    }
    // The memory of the last frame disappears with this process.
    wait_for_turn(progress, all_frames, 0);
    return 0;
}

int run_receiver(const Round& round) {
    stay_on(Processor::kSecond);
    const FrameWay way = find_way(round.way);
    FrameContent content(round.frame_bytes);
    Progress progress(progress_path(round));
    const auto receiver = way.make_receiver(task_of(round));
    ContentCheck check(content, round.checking == Checking::kAll);
    for (std::uint64_t count = 0; count < round.warm_up_frames + round.frames; ++count) {
        const bool is_paced = round.pace == Pace::kPaced;
        const std::uint64_t number = is_paced ? count : flat_out_number(way.kind, count);
        const bool changes = way.hashing == Hashing::kByBoth && is_changed(round, count);
        const auto times = receive_one(*receiver, check, round, number, changes);
        if (!times) return kWrongBytes;
        const std::int64_t sent_ns = progress.sent_ns();
        if (is_paced && count >= round.warm_up_frames)
            fmt::print("{} {}\n", times->received_ns - sent_ns, times->checked_ns - sent_ns);
        progress.set_done(count + 1);
    }
    if (round.pace == Pace::kFlatOut) fmt::print("{}\n", now_ns() - progress.sent_ns());
    return 0;
}

}  // namespace mapferry::bench
