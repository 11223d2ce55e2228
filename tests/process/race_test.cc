// SPDX-License-Identifier: Apache-2.0
// Several processes want the same name at the same time.
#include <algorithm>
#include <filesystem>

#include "process/programs.h"
#include "support/soak_time.h"

namespace mapferry::testing {
namespace {

class Race : public ProgramTest {
  protected:
    [[nodiscard]] static ChildProcess start_collector() {
        return ChildProcess({.program = MAPFERRY_CONSOLE_PATH, .arguments = {"gc"}});
    }
};

TEST_F(Race, OfWritersHasExactlyOneWinner) {
    constexpr int kWriters = 16;
    for (RoundsOfProcesses rounds(20); rounds.next();) {
        std::vector<ChildProcess> writers = start_many(kWriters, [&](int i) {
            return start_writer(Words{"--quiet", "--text", "from " + std::to_string(i)});
        });
        // The losers end, the winner waits for a reader.
        ASSERT_TRUE(eventually([&] {
            return std::ranges::count_if(
                       writers, [](ChildProcess& writer) { return writer.is_running(); }) == 1;
        }));
        const Ended reader = run_reader({"--quiet"});
        ASSERT_TRUE(ended_with(0, reader));
        for (int i = 0; i < kWriters; ++i) {
            ChildProcess& writer = writers[static_cast<std::size_t>(i)];
            const bool won = reader.output == "from " + std::to_string(i);
            EXPECT_TRUE(ended_with(won ? 0 : kExitCannotCreate, writer)) << rounds.done();
        }
        EXPECT_FALSE(section_.exists());
    }
}

TEST_F(Race, OfWritersOverADeadOnesSectionHasExactlyOneWinner) {
    for (RoundsOfProcesses rounds(10); rounds.next();) {
        ASSERT_TRUE(leave_dead_section());
        std::vector<ChildProcess> others = start_many(4, [&](int) { return start_collector(); });
        std::vector<ChildProcess> writers =
            start_many(8, [&](int) { return start_writer(Words{"--text", "alive"}); });
        for (ChildProcess& other : others)
            EXPECT_TRUE(ended_with(0, other));
        ASSERT_TRUE(eventually([&] {
            return std::ranges::count_if(
                       writers, [](ChildProcess& writer) { return writer.is_running(); }) == 1;
        }));
        EXPECT_EQ(run_reader({}).output, "alive");
        int winners = 0;
        for (ChildProcess& writer : writers) {
            if (writer.wait() == exited(0))
                ++winners;
            else
                EXPECT_TRUE(ended_with(kExitCannotCreate, writer));
        }
        EXPECT_EQ(winners, 1);
    }
}

// A reader meets a dead writer's section while the next writer removes it: the reader gets the
// payload of the next writer.
TEST_F(Race, OfAReaderWithATakeoverGoesToTheNewWriter) {
    for (RoundsOfProcesses rounds(60); !HasFailure() && rounds.next();) {
        ASSERT_TRUE(leave_dead_section());
        ChildProcess reader = start_reader(Words{"--timeout", "10s"});
        ChildProcess writer = start_writer(Words{"--timeout", "10s", "--text", "alive"});
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_EQ(reader.output(), "alive");
    }
}

// A collector that removes a dead writer's section does not count as a living writer.
TEST_F(Race, OfAWriterWithACollectorWins) {
    for (RoundsOfProcesses rounds(40); !HasFailure() && rounds.next();) {
        ASSERT_TRUE(leave_dead_section());
        std::vector<ChildProcess> collectors =
            start_many(3, [&](int) { return start_collector(); });
        ASSERT_TRUE(keep({"--text", "alive"}));
        for (ChildProcess& collector : collectors)
            EXPECT_TRUE(ended_with(0, collector));
        EXPECT_EQ(run_reader({"--timeout", "0", "--consume"}).output, "alive");
    }
}

TEST_F(Race, SecondWriterLeavesALivingOneUndisturbed) {
    const Bytes bytes = random_bytes(2 * kMiB);
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = pipe_stream()});
    ChildProcess reader = start_reader(Words{"-o", folder_.file("out/target")});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input(std::span(bytes).first(kMiB)));
    for (const Words& options : {Words{"--text", "x"}, Words{"--keep", "--text", "x"}}) {
        const Ended second = run_writer(options);
        EXPECT_TRUE(ended_with(kExitCannotCreate, second));
        EXPECT_TRUE(contains(second.errors, "hint:")) << second.errors;
    }
    ASSERT_TRUE(writer.write_input(std::span(bytes).subspan(kMiB)));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(read_file(folder_.file("out/target")) == bytes);
}

TEST_F(Race, SecondWriterOnABackingFileIsRefused) {
    const std::string backing = folder_.file("section.map");
    ChildProcess writer = start_writer(Words{"--backing", backing, "--text", "first"});
    ASSERT_TRUE(eventually([&] { return std::filesystem::exists(backing); }));
    EXPECT_TRUE(
        ended_with(kExitCannotCreate, run_writer({"--backing", backing, "--text", "second"})));
    EXPECT_EQ(run_reader({"--backing", backing}).output, "first");
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Race, CollectorsNeverRemoveALivingOne) {
    for (RoundsOfProcesses rounds(20); rounds.next();) {
        const std::string text = "round " + std::to_string(rounds.done());
        const Words options = rounds.done() % 2 == 0 ? Words{} : Words{"--keep"};
        std::vector<ChildProcess> collectors =
            start_many(2, [&](int) { return start_collector(); });
        ChildProcess writer =
            start_writer(Launch{.arguments = options.empty() ? Words{"-"} : Words{"--keep", "-"},
                                .input = pipe_stream()});
        for (int i = 0; i < 2; ++i)
            collectors.push_back(start_collector());
        ChildProcess reader = start_reader(options.empty() ? Words{} : Words{"--consume"});
        for (int i = 0; i < 2; ++i)
            collectors.push_back(start_collector());
        ASSERT_TRUE(writer.write_input(text));
        for (ChildProcess& collector : collectors)
            EXPECT_TRUE(ended_with(0, collector));
        writer.close_input();
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_EQ(reader.output(), text);
    }
}

TEST_F(Race, RemovalRefusesALivingWriterUnlessForced) {
    ChildProcess writer = start_writer(Words{"--text", "x"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    EXPECT_TRUE(ended_with(kExitTimedOut, run_tool({"rm", section_.name()})));
    EXPECT_TRUE(section_.exists());
    EXPECT_TRUE(ended_with(0, run_tool({"rm", "--force", section_.name()})));
    EXPECT_FALSE(section_.exists());
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
}

}  // namespace
}  // namespace mapferry::testing
