#include "bench/frame_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "bench/processes.h"

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
            .frame_bytes = round.frame_bytes};
}

// A sender that has just slept is slow for reasons of its own, so it is awake when its turn comes.
constexpr std::int64_t kAwakeNs = 200'000;

// Until the receiver is idle, and for `gap_us` more, so that a sleeping one is asleep.
void wait_for_turn(Progress& progress, std::uint64_t number, std::int64_t gap_us) {
    while (progress.done() < number)
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    std::this_thread::sleep_for(std::chrono::microseconds(gap_us));
    const std::int64_t woke_ns = now_ns();
    while (now_ns() - woke_ns < kAwakeNs) {
    }
}

// Sends one frame; what that cost the sender, in ns.
std::int64_t send_one(FrameSender& sender, Kind kind, FrameContent& content, std::uint64_t number,
                      Progress& progress, std::int64_t gap_us) {
    const std::span<std::byte> source = content.frame(number);
    const std::span<std::byte> loan =
        kind == Kind::kHandOver ? sender.loan() : std::span<std::byte>{};
    if (!loan.empty()) std::ranges::copy(source, loan.begin());
    set_number(loan.empty() ? source : loan, number);
    wait_for_turn(progress, number, gap_us);
    const std::int64_t began_ns = now_ns();
    progress.set_sent_ns(began_ns);
    if (loan.empty()) {
        sender.send_copy(source);
    } else {
        sender.send_loan();
    }
    return now_ns() - began_ns;
}

}  // namespace

int run_sender(const Round& round) {
    stay_on(Processor::kFirst);
    const FrameWay way = find_way(round.way);
    const auto sender = way.make_sender(task_of(round));
    FrameContent content(round.frame_bytes);
    Progress progress(round.folder + "/progress");
    sender->wait_for_receiver();
    for (std::uint64_t number = 0; number < round.warm_up_frames + round.frames; ++number) {
        const std::int64_t sent_ns =
            send_one(*sender, way.kind, content, number, progress, round.gap_us);
        if (number >= round.warm_up_frames) fmt::print("{}\n", sent_ns);
    }
    // The last frame lies in memory that goes with this process.
    wait_for_turn(progress, round.warm_up_frames + round.frames, 0);
    return 0;
}

int run_receiver(const Round& round) {
    stay_on(Processor::kSecond);
    const FrameWay way = find_way(round.way);
    FrameContent content(round.frame_bytes);
    Progress progress(round.folder + "/progress");
    const auto receiver = way.make_receiver(task_of(round));
    ContentCheck check(content);
    for (std::uint64_t number = 0; number < round.warm_up_frames + round.frames; ++number) {
        const std::span<const std::byte> frame = receiver->receive(check);
        const std::int64_t received_ns = now_ns();
        const bool is_right = receiver->checks_on_the_way() ? check.pieces_are_right(number)
                                                            : receiver->is_right(check, frame);
        const std::int64_t hashed_ns = now_ns();
        if (!is_right || number_of(frame) != number)
            give_up(fmt::format("{}: frame {} came with wrong bytes", round.way, number));
        const std::int64_t sent_ns = progress.sent_ns();
        if (number >= round.warm_up_frames)
            fmt::print("{} {}\n", received_ns - sent_ns, hashed_ns - sent_ns);
        progress.set_done(number + 1);
    }
    return 0;
}

}  // namespace mapferry::bench
