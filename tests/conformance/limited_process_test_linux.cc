// SPDX-License-Identifier: Apache-2.0
// The process with few rights in which foreign pictures are decoded.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "console/look/limited_process.h"
#include "support/host.h"

namespace mapferry::cli {
namespace {

constexpr ProcessLimits kLimits{
    .memory_bytes = 64 << 20, .time_ms = 20'000, .answer_bytes = 1 << 20};

// Gives up the rights in a separate process, which then exits with the result of `work`.
template <typename Work>
void expect_in_limited_process(int expected, const Work& work) {
    EXPECT_EXIT(end_at_once(give_up_rights(kLimits) ? work() : 99),
                ::testing::ExitedWithCode(expected), "");
}

bool can_map(std::size_t bytes) {
    return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

TEST(LimitedProcess, HasMemoryUpToItsLimitAndNoMore) {
    if (testing::is_emulated()) GTEST_SKIP() << "QEMU enforces no limit of address space";
    expect_in_limited_process(0, [] { return can_map(32 << 20) ? 0 : 1; });
    expect_in_limited_process(0, [] { return can_map(128 << 20) ? 1 : 0; });
}

TEST(LimitedProcess, ReachesNeitherFilesNorNetworkNorProcesses) {
    if (testing::is_emulated()) GTEST_SKIP() << "QEMU enforces no filter of system calls";
    expect_in_limited_process(0,
                              [] { return open("/dev/null", O_RDONLY | O_CLOEXEC) < 0 ? 0 : 1; });
    expect_in_limited_process(0, [] { return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? 0 : 1; });
    expect_in_limited_process(0, [] { return fork() < 0 ? 0 : 1; });
    expect_in_limited_process(0, [] { return kill(getppid(), 0) < 0 ? 0 : 1; });
}

// This test program also serves as the limited process: with this option it lists its tests.
Result<std::string> list_of_tests(const ProcessLimits& limits, int stop_signal = 0) {
    const std::atomic<int> stop{stop_signal};
    auto answer = ask_limited_process("--gtest_list_tests", {}, limits, stop);
    if (!answer) return std::unexpected(answer.error());
    return std::string(reinterpret_cast<const char*>(answer->data()), answer->size());
}

TEST(LimitedProcess, AnswerIsWhatItSaid) {
    const auto answer = list_of_tests(kLimits);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_NE(answer->find("AnswerIsWhatItSaid"), std::string::npos);
}

TEST(LimitedProcess, TooLongAnAnswerIsNone) {
    ProcessLimits limits = kLimits;
    limits.answer_bytes = 10;
    const auto answer = list_of_tests(limits);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kCorrupt);
}

TEST(LimitedProcess, ItsTimeIsLimited) {
    ProcessLimits limits = kLimits;
    limits.time_ms = -1;
    const auto answer = list_of_tests(limits);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kCorrupt);
    EXPECT_NE(answer.error().message.find("too long"), std::string::npos);
}

TEST(LimitedProcess, SignalEndsTheWait) {
    const auto answer = list_of_tests(kLimits, SIGINT);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kInterrupted);
}

}  // namespace
}  // namespace mapferry::cli
