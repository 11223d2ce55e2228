// SPDX-License-Identifier: Apache-2.0
// Tests `mapferry bench`: its results, and what remains after it was ended early.
#include <algorithm>
#include <filesystem>
#include <set>

#include "process/programs.h"
#include "process/small_space.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class BenchCommand : public ProgramTest {
  protected:
    // --name: the names of the benchmark's sections begin with the name of the test's section.
    [[nodiscard]] Words words(Words more) const {
        more.insert(more.begin(), {"bench", "--name", section_.name()});
        return more;
    }
    [[nodiscard]] bool has_section() const {
        const auto names = list_sections();
        return names && std::ranges::any_of(*names, [this](const std::string& name) {
                   return name.starts_with(section_.name() + "-bench-");
               });
    }
    // Ends the benchmark by a signal while another process sends.
    void end_by(Signal signal) const {
        ChildProcess bench(
            {.program = MAPFERRY_CONSOLE_PATH, .arguments = words({"--size", "64MiB"})});
        ASSERT_TRUE(eventually([&] { return has_section() || !bench.is_running(); }));
        bench.send(signal);
        EXPECT_TRUE(ended_with(ended_by(signal), bench));
        // A writer whose parent was killed removes its section.
        EXPECT_TRUE(eventually([&] { return !has_section(); }));
    }
};

TEST_F(BenchCommand, TellsEveryWayVerifiedAsJson) {
    const Ended ended = run_tool(words({"--size", "2MiB", "--json"}));
    ASSERT_TRUE(ended_with(0, ended));
    std::set<std::string> bulk;
    std::set<std::string> small;
    for (const auto& line : json_lines(ended.output)) {
        if (line.at("event") != "bench") continue;
        EXPECT_EQ(line.at("verified"), true);
        EXPECT_GT(line.at("min"), 0.0);
        EXPECT_LE(line.at("min"), line.at("median"));
        EXPECT_LE(line.at("median"), line.at("max"));
        EXPECT_GE(line.at("rounds"), 3);
        (line.at("question") == "doctor-bulk" ? bulk : small).insert(line.at("way"));
    }
    EXPECT_EQ(bulk.size(), 4u);
    EXPECT_EQ(bulk, small);
    EXPECT_TRUE(bulk.contains("mapping"));
    EXPECT_NE(json_event(ended.output, "verdict"), nullptr);
    EXPECT_NE(json_event(ended.output, "machine"), nullptr);
}

TEST_F(BenchCommand, PrintsATableAndOneVerdict) {
    const Ended ended = run_tool(words({"--size", "1MiB"}));
    ASSERT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.output, "\nmapping ")) << ended.output;
    EXPECT_TRUE(contains(ended.output, "\nverdict: mapping ")) << ended.output;
    EXPECT_EQ(ended.errors, "");
}

TEST_F(BenchCommand, NeedsNoOtherProgram) {
    const std::filesystem::path mapferry = MAPFERRY_CONSOLE_PATH;
    const std::string alone = folder_.file(text_of(mapferry.filename()));
    std::filesystem::copy_file(mapferry, path_of(alone));
    const Ended ended = finish(ChildProcess({.program = alone,
                                             .arguments = words({"--size", "1MiB"}),
                                             .environment = {{"PATH", folder_.path()}}}));
    EXPECT_TRUE(ended_with(0, ended));
}

TEST_F(BenchCommand, OfMoreThanThereIsRoomForSaysSo) {
    const Ended ended = run_tool(words({"--size", "1000000GiB"}));
    EXPECT_TRUE(ended_with(kExitIo, ended));
    EXPECT_TRUE(contains(ended.errors, "no room")) << ended.errors;
}

TEST_F(BenchCommand, InterruptedLeavesNothing) {
    end_by(Signal::kInterrupt);
}

TEST_F(BenchCommand, KilledLeavesNothing) {
    end_by(Signal::kKill);
}

TEST_F(BenchCommand, WithoutRoomInSharedMemoryGivesAnAnswerAllTheSame) {
    SKIP_WITHOUT_SMALL_SPACE();
    Words squeezed = words({"--size", "2MiB"});
    squeezed.insert(squeezed.begin(), MAPFERRY_CONSOLE_PATH);
    ChildProcess bench(in_small_space("/dev/shm", squeezed));
    EXPECT_TRUE(ended_with(0, bench));
    EXPECT_TRUE(contains(bench.output(), "\nverdict: mapping ")) << bench.output();
    EXPECT_TRUE(contains(bench.errors(), "left: 0")) << bench.errors();
}

}  // namespace
}  // namespace mapferry::testing
