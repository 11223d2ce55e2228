// SPDX-License-Identifier: Apache-2.0
// The library in a user's program: where the system sends a signal together with an error, the
// library returns the error, and the program's signals stay as the program left them.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <thread>

#include "mapferry/frame_writer.h"
#include "mapferry/output.h"
#include "mapferry/shared_buffer.h"
#include "mapferry/writer.h"
#include "support/child_process.h"
#include "support/forked_child.h"
#include "support/scratch_folder.h"
#include "support/test_bytes.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kLimitBytes = std::uint64_t{1} << 20;

void limit_file_size() {
    const rlimit limits{.rlim_cur = kLimitBytes, .rlim_max = kLimitBytes};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limits), 0);
}

// Expects the state of a program that never used the signal: not ignored, not blocked, none
// pending.
void expect_untouched(int signal) {
    struct sigaction action{};
    ::sigaction(signal, nullptr, &action);
    EXPECT_EQ(action.sa_handler, SIG_DFL);
    sigset_t set;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &set);
    EXPECT_EQ(sigismember(&set, signal), 0);
    ::sigpending(&set);
    EXPECT_EQ(sigismember(&set, signal), 0);
}

template <typename T>
void expect_too_large(const Result<T>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kIo) << describe(result.error());
    EXPECT_NE(result.error().hint.find("ulimit -f"), std::string::npos) << result.error().hint;
    EXPECT_NE(result.error().hint.find("1.0 MiB"), std::string::npos) << result.error().hint;
    expect_untouched(SIGXFSZ);
}

class HeldSignals : public ::testing::Test {
  protected:
    const ScratchFolder folder_;
    const UniqueSection section_;
};

TEST_F(HeldSignals, OfTheFileSizeLimitDoNotKillWhoCreatesASection) {
    EXPECT_EQ(failure_in_child([&] {
                  limit_file_size();
                  expect_too_large(Writer::create({.address = section_.address(),
                                                   .slot_capacity_bytes = kLimitBytes,
                                                   .slot_count = 8}));
                  expect_too_large(FrameWriter::create({.address = section_.address()}));
                  expect_too_large(SharedBuffer::open_or_create(
                      {.address = section_.address(), .size_bytes = 2 * kLimitBytes}));
              }),
              "");
}

TEST_F(HeldSignals, OfTheFileSizeLimitDoNotKillWhoWritesAnOutput) {
    const Bytes bytes(2 * kLimitBytes);
    write_file(folder_.file("there"), std::string("old"));
    EXPECT_EQ(failure_in_child([&] {
                  limit_file_size();
                  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kInPlace}) {
                      auto output = Output::to_file(folder_.file("there"), overwrite, {});
                      ASSERT_TRUE(output);
                      expect_too_large(output->write(bytes));
                  }
                  ASSERT_NE(std::freopen(folder_.file("printed").c_str(), "w", stdout), nullptr);
                  auto printed = Output::to_standard_output({});
                  ASSERT_TRUE(printed);
                  expect_too_large(printed->write(bytes));
              }),
              "");
}

TEST_F(HeldSignals, OfAPipeThatNobodyReadsDoNotKillItsWriter) {
    EXPECT_EQ(failure_in_child([&] {
                  std::signal(SIGPIPE, SIG_DFL);
                  std::array<int, 2> ends{};
                  ASSERT_EQ(::pipe(ends.data()), 0);
                  ASSERT_EQ(::dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
                  auto output = Output::to_standard_output({});
                  ASSERT_TRUE(output);
                  ::close(ends[0]);
                  const auto written = output->write(bytes_of("x"));
                  ASSERT_FALSE(written);
                  EXPECT_EQ(written.error().code, Code::kIo);
                  expect_untouched(SIGPIPE);
              }),
              "");
}

// A signal that the program blocks, and that is pending, stays pending.
TEST_F(HeldSignals, ThatTheProgramWaitsForStay) {
    EXPECT_EQ(failure_in_child([&] {
                  sigset_t size;
                  sigemptyset(&size);
                  sigaddset(&size, SIGXFSZ);
                  ::pthread_sigmask(SIG_BLOCK, &size, nullptr);
                  std::raise(SIGXFSZ);
                  limit_file_size();
                  EXPECT_FALSE(FrameWriter::create({.address = section_.address()}));
                  sigset_t pending;
                  ::sigpending(&pending);
                  EXPECT_EQ(sigismember(&pending, SIGXFSZ), 1);
              }),
              "");
}

// The helper that fills a payload's chunks beside the caller runs the caller's own function.
TEST_F(HeldSignals, OfTheProgramReachNoThreadOfTheLibrary) {
    auto writer =
        Writer::create({.address = section_.address(), .delivery = StreamDelivery::kKeep});
    ASSERT_TRUE(writer && writer->begin({})) << "no section";
    const std::thread::id own = std::this_thread::get_id();
    std::atomic<bool> helped = false;
    std::atomic<bool> reachable = false;
    const FillCall fill = [&](std::span<std::byte>, std::uint64_t) -> Result<void> {
        if (std::this_thread::get_id() == own) {
            // Leaves a chunk for the helper.
            EXPECT_TRUE(eventually([&] { return helped.load(); }));
            return {};
        }
        sigset_t mask;
        ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGALRM})
            if (sigismember(&mask, signal) == 0) reachable = true;
        helped = true;
        return {};
    };
    ASSERT_TRUE(writer->fill_parallel(std::uint64_t{64} << 20, fill));
    EXPECT_TRUE(helped);
    EXPECT_FALSE(reachable);
    writer->abort(Code::kInterrupted);
}

}  // namespace
}  // namespace mapferry::testing
