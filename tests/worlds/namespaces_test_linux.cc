// SPDX-License-Identifier: Apache-2.0
// Processes that do not agree on process numbers or on the time: locks show which processes live,
// and waits use the clock that never jumps.
#include <filesystem>

#include "platform/clock.h"
#include "process/programs.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr const char* kUnshare = "/usr/bin/unshare";

bool can_unshare(const Words& options) {
    if (!std::filesystem::exists(kUnshare)) return false;
    Words words = options;
    words.emplace_back("/bin/true");
    ChildProcess probe({.program = kUnshare, .arguments = words});
    return probe.wait() == exited(0);
}

class Namespaces : public ProgramTest {
  protected:
    // Starts a program under unshare with these options.
    [[nodiscard]] ChildProcess start_in(const Words& options, const char* program,
                                        const Words& arguments) const {
        Words words = options;
        words.insert(words.end(), {program, "--name", section_.name(), "--timeout", "20s"});
        words.insert(words.end(), arguments.begin(), arguments.end());
        return ChildProcess({.program = kUnshare, .arguments = words});
    }
};

// Each process is process 1 in its own namespace, and so is the next writer.
TEST_F(Namespaces, OfProcessNumbersConfuseNobody) {
    const Words apart{"--pid", "--fork", "--kill-child"};
    if (!can_unshare(apart)) GTEST_SKIP() << "namespaces of process numbers are not permitted";
    const std::string source = make_source(5 * kMiB);
    const std::string target = folder_.file("out/target");
    for (int round = 0; round < 3; ++round) {
        ChildProcess dead = start_in(apart, MAPFERRY_WRITER_PATH, {"--text", "dead"});
        ASSERT_TRUE(
            eventually_reports([](const SectionReport& now) { return now.creator_pid == 1; }));
        // While it lives no process takes it for dead.
        ChildProcess second = start_in(apart, MAPFERRY_WRITER_PATH, {"--text", "second"});
        EXPECT_TRUE(ended_with(kExitCannotCreate, second));
        EXPECT_TRUE(ended_with(0, run_tool({"gc"})));
        ASSERT_TRUE(section_.exists());
        dead.send(Signal::kKill);
        (void)dead.wait();
        // Its namespace ends a little later.
        ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return !now.writer_alive; }));
        // Process 1 again, but another process.
        ChildProcess writer = start_in(apart, MAPFERRY_WRITER_PATH, {source});
        ChildProcess reader = start_in(apart, MAPFERRY_READER_PATH, {"-o", target});
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(source, target));
        std::filesystem::remove(target);
    }
}

TEST_F(Namespaces, OfTimeConfuseNobody) {
    const Words apart{"--time", "--monotonic", "1000000", "--fork"};
    if (!can_unshare(apart)) GTEST_SKIP() << "namespaces of time are not permitted";
    const std::string source = make_source(5 * kMiB);
    const std::string target = folder_.file("out/target");
    ChildProcess writer = start_in(apart, MAPFERRY_WRITER_PATH, {source});
    EXPECT_TRUE(ended_with(0, run_reader({"--timeout", "20s", "-o", target})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, target));
    std::filesystem::remove(target);
    ChildProcess reader = start_in(apart, MAPFERRY_READER_PATH, {"-o", target});
    EXPECT_TRUE(ended_with(0, run_writer({source})));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(same_content(source, target));
}

// ---- a clock that jumps -------------------------------------------------------------------------

class JumpingClock : public ProgramTest {
  protected:
    void SetUp() override {
        if (kSanitized) GTEST_SKIP() << "a sanitizer wants to be the first library";
        ChildProcess program(
            {.program = MAPFERRY_CONSOLE_PATH, .arguments = {"ls"}, .environment = jumping_});
        ASSERT_TRUE(ended_with(0, program));
        if (!std::filesystem::exists(mark_))
            GTEST_SKIP() << "the programs are linked without shared libraries";
    }

    const std::string mark_ = folder_.file("mark");
    const std::vector<std::pair<std::string, std::string>> jumping_{
        {"LD_PRELOAD", MAPFERRY_TEST_CLOCK_PATH}, {"MAPFERRY_TEST_CLOCK_MARK", mark_}};
};

TEST_F(JumpingClock, EndsNoWaitTooSoon) {
    for (const bool writes : {true, false}) {
        const std::int64_t began_ns = platform::monotonic_ns();
        Launch launch{.arguments = {"--timeout", "1s"}, .environment = jumping_};
        if (writes) launch.arguments.insert(launch.arguments.end(), {"--text", "x"});
        ChildProcess waiting = writes ? start_writer(launch) : start_reader(launch);
        EXPECT_TRUE(ended_with(kExitTimedOut, waiting));
        EXPECT_GE(platform::monotonic_ns() - began_ns, 700'000'000);
    }
}

TEST_F(JumpingClock, LetsAStreamPass) {
    const std::string source = make_source(20 * kMiB);
    const std::string target = folder_.file("out/target");
    ChildProcess writer = start_writer(Launch{.arguments = {source}, .environment = jumping_});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", target}, .environment = jumping_});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, target));
}

}  // namespace
}  // namespace mapferry::testing
