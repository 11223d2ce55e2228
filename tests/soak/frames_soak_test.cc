// SPDX-License-Identifier: Apache-2.0
// Many readers of frames, killed and stopped at random. A few seconds among the ordinary tests;
// MAPFERRY_SOAK_SECONDS sets the duration in ./run soak.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "mapferry/detail/units.h"
#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "platform/clock.h"
#include "platform/shared_object.h"
#include "soak/soak_frame.h"
#include "support/child_process.h"
#include "support/host.h"
#include "support/sanitizer.h"
#include "support/soak_time.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

constexpr std::uint64_t kFrameBytes = std::uint64_t{1} << 20;
constexpr std::int64_t kFrameMs = 10;
constexpr std::uint32_t kShortReaders = 4;
constexpr std::uint32_t kLongReaders = 16;
constexpr std::uint32_t kLeases = 3;  // two are held while the next one is taken
constexpr int kShortDeaths = 200;
constexpr int kLongDeaths = 10'000;

// A camera in a thread of its own, and its measurements.
class Camera {
  public:
    explicit Camera(FrameWriter& writer) : writer_(&writer), thread_([this] { run(); }) {}
    ~Camera() { stop(); }
    Camera(const Camera&) = delete;
    Camera& operator=(const Camera&) = delete;

    // Waits for `more` frames. False when the camera has failed.
    bool wait_for_frames(std::uint64_t more) {
        std::unique_lock lock(mutex_);
        const std::uint64_t until = frames_ + more;
        return came_.wait_for(lock, kWatchdog, [&] {
            return frames_ >= until || !failure_.empty();
        }) && failure_.empty();
    }
    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        if (thread_.joinable()) thread_.join();
    }
    // Valid after stop().
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    [[nodiscard]] std::int64_t longest_ns() const { return longest_ns_; }
    [[nodiscard]] std::uint64_t late() const { return late_; }
    [[nodiscard]] std::uint64_t sleeps() const { return sleeps_; }

  private:
    void run() {
        auto due = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; !is_stopping(); ++i) {
            const std::string failed = publish(i);
            const std::scoped_lock lock(mutex_);
            ++frames_;
            failure_ = failed;
            came_.notify_all();
            if (!failed.empty()) return;
            due += std::chrono::milliseconds(kFrameMs);
            std::this_thread::sleep_until(due);  // time itself: the pace of a camera
        }
        (void)publish(kSoakGoodbye);
    }
    bool is_stopping() {
        const std::scoped_lock lock(mutex_);
        return stopping_;
    }
    // Only the calls of the library are timed. Filling the frame is the camera's own work: its page
    // faults may wait for a fork of this process.
    template <typename Call>
    auto timed(const Call& call) {
        const std::uint64_t slept_before = thread_sleeps();
        const std::int64_t began_ns = platform::monotonic_ns();
        auto result = call();
        cost_ns_ += platform::monotonic_ns() - began_ns;
        sleeps_ += thread_sleeps() - slept_before;
        return result;
    }
    // The error, or an empty text.
    std::string publish(std::uint64_t stamp) {
        cost_ns_ = 0;
        auto loan = timed([&] { return writer_->loan(kFrameBytes, 0ms); });
        if (!loan) return describe(loan.error());
        fill_soak_frame(loan->bytes(), stamp);
        auto published = timed([&] { return writer_->publish(std::move(*loan)); });
        longest_ns_ = std::max(longest_ns_, cost_ns_);
        if (cost_ns_ > kFrameMs * 1'000'000) ++late_;
        return published ? std::string() : describe(published.error());
    }
    FrameWriter* writer_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::uint64_t frames_ = 0;
    std::string failure_;
    bool stopping_ = false;
    std::int64_t cost_ns_ = 0;  // of the newest frame's loan and publication
    std::int64_t longest_ns_ = 0;
    std::uint64_t late_ = 0;
    std::uint64_t sleeps_ = 0;
    std::thread thread_;  // last: it uses the others
};

class FramesSoak : public ::testing::Test {
  protected:
    [[nodiscard]] FrameWriter make_writer(std::uint32_t readers) const {
        auto writer = FrameWriter::create({.address = section_.address(),
                                           .frame_limit_bytes = kFrameBytes,
                                           .slot_count = readers * kLeases + 3,
                                           .reader_limit = readers,
                                           .checksum = Checksum::kAll});
        if (!writer) throw std::runtime_error(describe(writer.error()));
        return std::move(*writer);
    }
    [[nodiscard]] ChildProcess start_follower(unsigned seed) const {
        return ChildProcess({.program = MAPFERRY_SOAK_READER_PATH,
                             .arguments = {"follow", section_.name(), std::to_string(seed)}});
    }
    // Checks that no reader has a frame or a place any more: the writer can use them all.
    void expect_nothing_leaked(FrameWriter& writer) const {
        std::vector<FrameLoan> loans;
        for (std::uint64_t i = 0; i + 1 < writer.section_info().slot_count; ++i) {
            auto loan = writer.loan(kFrameBytes, 0ms);
            ASSERT_TRUE(loan) << i << " of " << writer.section_info().slot_count << " slots";
            loans.push_back(std::move(*loan));
        }
        std::vector<FrameReader> readers;
        for (std::uint32_t i = 0; i < writer.section_info().reader_limit; ++i) {
            auto reader = FrameReader::open({.address = section_.address(), .timeout = 0ms});
            ASSERT_TRUE(reader) << "place " << i << ": " << describe(reader.error());
            readers.push_back(std::move(*reader));
        }
    }

    const UniqueSection section_;
};

// Kills, stops and wakes followers.
class Trouble {
  public:
    using Start = std::function<ChildProcess(unsigned)>;
    Trouble(std::uint32_t readers, Start start) : start_(std::move(start)) {
        for (std::uint32_t i = 0; i < readers; ++i)
            followers_.push_back({.process = start_(++seed_)});
    }

    void make_one() {
        Follower& one = followers_[random_() % followers_.size()];
        ASSERT_TRUE(one.stopped || one.process.is_running())
            << one.process.command() << ": " << one.process.errors();
        const auto what = random_() % 3;
        if (what == 0) {
            one.process.send(Signal::kKill);
            (void)one.process.wait();
            one = {.process = start_(++seed_)};
            ++kills;
        } else if (!one.stopped) {
            one.process.send(Signal::kStop);
            one.stopped = true;
            ++stops;
        } else {
            wake(one);
        }
    }
    // Lets all followers run to their end, which the writer's goodbye causes.
    void end() {
        for (Follower& one : followers_)
            wake(one);
        for (Follower& one : followers_) {
            EXPECT_EQ(one.process.wait(), exited(0)) << one.process.errors();
            std::istringstream said(one.process.output());
            std::uint64_t seen = 0;
            std::uint64_t not_seen = 0;
            said >> seen >> not_seen;
            frames += seen;
            missed += not_seen;
        }
    }

    int kills = 0;
    int stops = 0;
    std::uint64_t frames = 0;  // of the followers that lived to the end
    std::uint64_t missed = 0;

  private:
    struct Follower {
        ChildProcess process;
        bool stopped = false;
    };
    static void wake(Follower& one) {
        if (one.stopped) one.process.send(Signal::kContinue);
        one.stopped = false;
    }

    Start start_;
    unsigned seed_ = 0;
    std::minstd_rand random_{4711};
    std::vector<Follower> followers_;
};

TEST_F(FramesSoak, ReadersKilledAndStoppedAtRandomHarmNobody) {
    const std::int64_t seconds = soak_seconds();
    const std::uint32_t readers = seconds == 0 ? kShortReaders : kLongReaders;
    const std::int64_t rounds = std::max<std::int64_t>(seconds, 3) * 10;
    FrameWriter writer = make_writer(readers);
    Trouble trouble(readers, [this](unsigned seed) { return start_follower(seed); });
    ASSERT_TRUE(writer.wait_for_readers(readers, kWatchdog));
    Camera camera(writer);
    for (std::int64_t round = 0; round < rounds; ++round) {
        ASSERT_TRUE(camera.wait_for_frames(1000 / kFrameMs / 10));
        trouble.make_one();
        if (HasFatalFailure()) return;
    }
    camera.stop();
    EXPECT_EQ(camera.failure(), "");
    trouble.end();
    // A sanitizer's process takes long to fork, and who maps a slot meanwhile sleeps in the system.
    if (!kSanitized) {
        EXPECT_EQ(camera.sleeps(), 0u) << "the writer slept in loan() or publish()";
    }
    EXPECT_GT(trouble.frames, 0u);
    expect_nothing_leaked(writer);
    print_figure("frames under trouble", camera.frames(), " frames of 1 MiB every ", kFrameMs,
                 " ms, ", readers, " readers, ", trouble.kills, " killed, ", trouble.stops,
                 " stopped; the last ones took ", trouble.frames, " and missed ", trouble.missed);
    print_figure("loan and publish under trouble", "longest ",
                 static_cast<double>(camera.longest_ns()) / 1e6, " ms, ", camera.late(),
                 " over a frame's time, ", camera.sleeps(), " times asleep");
    EXPECT_TRUE(writer.close());
}

TEST_F(FramesSoak, ReadersThatAttachAndDieNeverFillTheTable) {
    constexpr std::uint32_t kPlaces = 8;
    constexpr std::size_t kAtOnce = 4;
    const int deaths = soak_seconds() == 0 ? kShortDeaths : kLongDeaths;
    FrameWriter writer = make_writer(kPlaces);
    std::uint64_t stamp = 0;
    for (int died = 0; died < deaths; died += kAtOnce) {
        auto loan = writer.loan(kFrameBytes, 0ms);
        ASSERT_TRUE(loan) << "after " << died << " deaths: " << describe(loan.error());
        fill_soak_frame(loan->bytes(), stamp++);
        ASSERT_TRUE(writer.publish(std::move(*loan)));
        std::vector<ChildProcess> mortals;
        mortals.reserve(kAtOnce);
        for (std::size_t i = 0; i < kAtOnce; ++i)
            mortals.push_back(ChildProcess(
                {.program = MAPFERRY_SOAK_READER_PATH, .arguments = {"die", section_.name()}}));
        for (ChildProcess& mortal : mortals)
            ASSERT_EQ(mortal.wait(), exited(0)) << died << ": " << mortal.errors();
    }
    expect_nothing_leaked(writer);
    print_figure("readers that died with a lease", deaths, ", 0 slots and 0 places lost");
    EXPECT_TRUE(writer.close());
}

}  // namespace
}  // namespace mapferry::testing
