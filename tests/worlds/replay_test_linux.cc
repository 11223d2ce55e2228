// SPDX-License-Identifier: Apache-2.0
// Outputs after a crash at any moment: the file operations of a real reader, and every state of the
// folder that they allow (crash_states.h).
#include <filesystem>

#include "process/programs.h"
#include "worlds/crash_states.h"

namespace mapferry::testing {
namespace {

constexpr const char* kStrace = "/usr/bin/strace";
// The address sanitizer can't look for leaks in a process that is traced.
constexpr const char* kNoLeakCheck = "LSAN_OPTIONS=detect_leaks=0";

enum class Wanted : std::uint8_t { kNew, kReplaced };
enum class Nameless : std::uint8_t { kFiles, kRefused };  // whether O_TMPFILE works

struct RunKind {
    Wanted wanted = Wanted::kNew;
    Nameless nameless = Nameless::kFiles;
};

std::vector<RunKind> all_kinds() {
    return {{Wanted::kNew, Nameless::kFiles},
            {Wanted::kReplaced, Nameless::kFiles},
            {Wanted::kNew, Nameless::kRefused},
            {Wanted::kReplaced, Nameless::kRefused}};
}

// The counts over all states of a run.
struct Tally {
    std::uint64_t states = 0;
    std::uint64_t half = 0;  // neither the whole old nor the whole new file
    std::uint64_t old_after_success = 0;
};

class Replay : public ProgramTest {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(kStrace)) GTEST_SKIP() << "there is no strace";
        ChildProcess probe({.program = kStrace, .arguments = {"-o", "/dev/null", "true"}});
        if (probe.wait() != exited(0)) GTEST_SKIP() << "processes can't be traced here";
    }

    void TearDown() override {
        if (section_.exists()) section_.remove();
    }

    // Returns the operations of a reader on the folder of its output.
    [[nodiscard]] std::vector<FileOperation> traced_run(const RunKind& kind,
                                                        const Words& options) const {
        const std::string log = folder_.file("trace");
        Words words{"-f", "-qq", "-s", "0", "-E", kNoLeakCheck, "-e", kTracedCalls, "-o", log};
        if (kind.nameless == Nameless::kRefused)
            words.insert(words.end(), {MAPFERRY_TEST_REFUSE_PATH, "O_TMPFILE=EOPNOTSUPP"});
        words.insert(words.end(),
                     {MAPFERRY_READER_PATH, "--name", section_.name(), "-o", target()});
        words.insert(words.end(), options.begin(), options.end());
        ChildProcess reader({.program = kStrace, .arguments = words});
        EXPECT_TRUE(ended_with(0, reader));
        return parse_trace(read_text(log), out_);
    }

    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }

    // Checks every state after every prefix of such a run's operations.
    [[nodiscard]] Tally replay(const RunKind& kind, const Words& options, Loss loss) {
        FolderState before;
        std::filesystem::remove(target());
        Words words = options;
        if (kind.wanted == Wanted::kReplaced) {
            before["target"] = old_;
            write_file(target(), old_);
            words.emplace_back("--force");
        }
        const auto operations = traced_run(kind, words);
        EXPECT_TRUE(read_file(target()) == new_);
        Tally tally;
        for (std::size_t count = 0; count <= operations.size(); ++count)
            tally.states += visit_crash_states(
                operations, count, before, new_, loss, [&](const FolderState& state) {
                    judge(kind, state, count == operations.size(), tally);
                });
        // The last state, without a crash, must be what the folder holds.
        EXPECT_GT(tally.states, operations.size());
        EXPECT_GT(operations.size(), 6u);
        return tally;
    }

    void judge(const RunKind& kind, const FolderState& state, bool succeeded, Tally& tally) const {
        const auto found = state.find("target");
        const bool is_new = found != state.end() && found->second == new_;
        const bool is_old = kind.wanted == Wanted::kNew
                                ? found == state.end()
                                : found != state.end() && found->second == old_;
        if (!is_new && !is_old) ++tally.half;
        if (succeeded && !is_new) ++tally.old_after_success;
    }

    // The payload is kept, so that each run of the test can read it.
    void keep_payload() {
        write_file(folder_.file("source"), new_);
        ASSERT_TRUE(keep({"--slot-size", "16KiB", folder_.file("source")}));
    }

    const Bytes old_ = random_bytes(1000, 7);
    const Bytes new_ = random_bytes(12 * 16 * kKiB + 1, 8);
};

TEST_F(Replay, DurableOutputIsOldOrNewAndNewAfterSuccess) {
    keep_payload();
    for (const RunKind& kind : all_kinds()) {
        const Tally tally = replay(kind, {"--durable"}, Loss::kUnsynced);
        EXPECT_EQ(tally.half, 0u);
        EXPECT_EQ(tally.old_after_success, 0u);
        EXPECT_GT(tally.states, 100u);
    }
}

TEST_F(Replay, OutputOfADyingProcessIsOldOrNew) {
    keep_payload();
    for (const RunKind& kind : all_kinds()) {
        const Tally tally = replay(kind, {}, Loss::kNothing);
        EXPECT_EQ(tally.half, 0u);
        EXPECT_EQ(tally.old_after_success, 0u);
    }
}

// The case that --durable is for; it also proves that the model can detect a fault.
TEST_F(Replay, OutputWithoutDurableCanBeHalfAfterAPowerFailure) {
    keep_payload();
    for (const RunKind& kind : all_kinds()) {
        const Tally tally = replay(kind, {}, Loss::kUnsynced);
        EXPECT_GT(tally.half, 0u);
        EXPECT_GT(tally.old_after_success, 0u);
    }
}

// ---- a disk that refuses ------------------------------------------------------------------------

TEST_F(Replay, FailingFlushIsAnErrorAndLeavesTheOldFile) {
    keep_payload();
    write_file(target(), old_);
    for (const Words& options : {Words{"--force"}, Words{"--force", "--consume"}}) {
        Words words{"fsync=EIO", MAPFERRY_READER_PATH, "--name", section_.name(), "-o",
                    target(),    "--durable"};
        words.insert(words.end(), options.begin(), options.end());
        ChildProcess reader({.program = MAPFERRY_TEST_REFUSE_PATH, .arguments = words});
        EXPECT_TRUE(ended_with(kExitIo, reader));
        EXPECT_TRUE(contains(reader.errors(), "to the disk")) << reader.errors();
        EXPECT_TRUE(read_file(target()) == old_);
        EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
    }
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "--durable", "--force", "-o", target()})));
}

// Each flush is called once: a write that failed is never tried again.
TEST_F(Replay, FailingFlushOfFileOrFolderIsNotTriedAgain) {
    keep_payload();
    for (const int which : {1, 2}) {
        const std::string log = folder_.file("trace");
        ChildProcess reader(
            {.program = kStrace,
             .arguments = {"-f", "-qq", "-E", kNoLeakCheck, "-e", "trace=fsync", "-e",
                           "inject=fsync:error=EIO:when=" + std::to_string(which), "-o", log,
                           MAPFERRY_READER_PATH, "--name", section_.name(), "--durable", "--force",
                           "-o", target()}});
        EXPECT_TRUE(ended_with(kExitIo, reader));
        const std::string trace = read_text(log);
        EXPECT_EQ(std::ranges::count(trace, '\n'), which) << trace;
        // A file has its name or has not appeared; it is never incomplete.
        EXPECT_EQ(ScratchFolder::names_in(out_), which == 1 ? Words{} : Words{"target"});
    }
    EXPECT_TRUE(read_file(target()) == new_);
}

}  // namespace
}  // namespace mapferry::testing
