// SPDX-License-Identifier: Apache-2.0
// Handles of readers in the event loops of Linux, and how the readers' threads affect the program.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/frame_writer.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "platform/handle.h"
#include "support/child_process.h"
#include "support/news.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

std::set<std::string> threads() {
    std::set<std::string> all;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task"))
        all.insert(thread.path().filename());
    return all;
}

// The signals that a thread blocks, bit i - 1 for signal i.
std::uint64_t blocked_by(const std::string& thread) {
    std::ifstream status("/proc/self/task/" + thread + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("SigBlk:")) return std::stoull(line.substr(7), nullptr, 16);
    return 0;
}

class EventLoop : public ::testing::Test {
  protected:
    EventLoop()
        : writer_(value_of(
              FrameWriter::create({.address = section_.address(), .frame_limit_bytes = 4096}))) {
        // With a program's first thread, the thread sanitizer starts one of its own. The kernel
        // lists a thread for a moment after its end was awaited.
        std::string first;
        std::thread([&first] { first = std::to_string(::gettid()); }).join();
        EXPECT_TRUE(eventually([&first] { return !threads().contains(first); }));
    }
    [[nodiscard]] FrameReader viewer() const {
        return value_of(FrameReader::open({.address = section_.address(), .timeout = 0ms}));
    }
    void publish() { ASSERT_TRUE(writer_.publish_copy(random_bytes(10), {}, 0ms)); }

    const UniqueSection section_;
    FrameWriter writer_;
};

TEST_F(EventLoop, OfEpollHearsOfEachReaderAsLongAsItHasNews) {
    std::array<FrameReader, 2> readers{viewer(), viewer()};
    const platform::Handle loop(::epoll_create1(EPOLL_CLOEXEC));
    for (std::uint32_t i = 0; i < 2; ++i) {
        epoll_event wanted{.events = EPOLLIN, .data = {.u32 = i}};
        ASSERT_EQ(::epoll_ctl(static_cast<int>(loop.get()), EPOLL_CTL_ADD, handle_of(readers[i]),
                              &wanted),
                  0);
    }
    std::array<epoll_event, 4> events{};
    const auto wait = [&](int timeout_ms) {
        return ::epoll_wait(static_cast<int>(loop.get()), events.data(), 4, timeout_ms);
    };
    EXPECT_EQ(wait(350), 0);
    publish();
    EXPECT_TRUE(becomes_readable(handle_of(readers[0])));
    EXPECT_TRUE(becomes_readable(handle_of(readers[1])));
    EXPECT_EQ(wait(0), 2);
    EXPECT_EQ(wait(0), 2) << "news are said until they are taken";
    ASSERT_TRUE(readers[0].try_latest());
    ASSERT_EQ(wait(0), 1);
    EXPECT_EQ(events[0].data.u32, 1u);
    ASSERT_TRUE(readers[1].try_latest());
    EXPECT_EQ(wait(350), 0);
}

TEST_F(EventLoop, OfPollIsWokenInItsSleep) {
    FrameReader reader = viewer();
    pollfd polled{.fd = handle_of(reader), .events = POLLIN, .revents = 0};
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));  // time itself: poll must sleep
        publish();
    });
    EXPECT_EQ(::poll(&polled, 1, kWatchdogMs), 1);
    EXPECT_EQ(polled.revents, POLLIN);
}

TEST_F(EventLoop, ThreadStartsWithTheFirstHandleAndEndsWithItsReader) {
    const auto before = threads();
    {
        FrameReader reader = viewer();
        publish();
        ASSERT_TRUE(reader.try_next());
        EXPECT_EQ(threads(), before) << "nobody asked for a handle";
        (void)handle_of(reader);
        (void)handle_of(reader);
        EXPECT_EQ(threads().size(), before.size() + 1);
    }
    EXPECT_TRUE(eventually([&] { return threads() == before; }));
    for (int i = 0; i < 200; ++i) {
        FrameReader reader = viewer();
        (void)handle_of(reader);
    }
    EXPECT_TRUE(eventually([&] { return threads() == before; }));
}

TEST_F(EventLoop, ThreadTakesNoSignalOfTheProgram) {
    const auto before = threads();
    const sigset_t own = [] {
        sigset_t mask;
        ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        return mask;
    }();
    FrameReader reader = viewer();
    (void)handle_of(reader);
    sigset_t after;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGALRM, SIGPIPE})
        EXPECT_EQ(sigismember(&after, signal), sigismember(&own, signal)) << signal;
    std::set<std::string> started;
    std::ranges::set_difference(threads(), before, std::inserter(started, started.end()));
    ASSERT_EQ(started.size(), 1u);
    const auto blocks = [&](int signal) {
        return (blocked_by(*started.begin()) >> (signal - 1) & 1) != 0;
    };
    // A thread that has just begun blocks all signals for a moment (glibc).
    for (const int signal : {SIGBUS, SIGSEGV})
        EXPECT_TRUE(eventually([&] { return !blocks(signal); })) << signal;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD, SIGALRM, SIGPIPE})
        EXPECT_TRUE(blocks(signal)) << signal;
}

TEST_F(EventLoop, HandleIsNoStandardStream) {
    FrameReader reader = viewer();
    EXPECT_GT(handle_of(reader), 2);
}

TEST_F(EventLoop, HandleOfAClosedReaderIsRefused) {
    const UniqueSection section;
    const auto writer = Writer::create({.address = section.address()});
    ASSERT_TRUE(writer);
    auto reader = Reader::open({.address = section.address(), .timeout = 0ms});
    ASSERT_TRUE(reader);
    const Waitable readers[] = {*reader};
    ASSERT_TRUE(reader->close());
    EXPECT_EQ(wait_any(readers, std::chrono::milliseconds(0)).error().code, Code::kUsage);
}

}  // namespace
}  // namespace mapferry::testing
