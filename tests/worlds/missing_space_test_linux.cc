// SPDX-License-Identifier: Apache-2.0
// Sections when space is missing: a dead writer's section that holds the space is removed, a taken
// name is reported first, and the library checks what a limit of memory or of address space leaves
// before it allocates.
#include <sys/statfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "format/geometry_plan.h"
#include "process/programs.h"
#include "process/small_space.h"
#include "support/host.h"
#include "support/named_section.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr const char* kShm = "/dev/shm";

// ---- sections of dead writers ------------------------------------------------------------------

class DeadSpace : public ProgramTest {
  protected:
    void SetUp() override { SKIP_WITHOUT_SMALL_SPACE(); }

    // "$1" is the writer, "$2" mapferry, "$3" a source of 4 MiB; the words behind them name the
    // section. A writer dies after it has taken the space, 5 MiB in all; then the script runs
    // `next`.
    [[nodiscard]] static Launch after_a_death(const std::string& folder, const Words& words,
                                              const std::string& next) {
        const std::string script = R"sh(
w=$1 r=$2 source=$3
shift 3
mkfifo /tmp/fifo.$$; "$w" "$@" --keep - </tmp/fifo.$$ & pid=$!
exec 3>/tmp/fifo.$$; rm /tmp/fifo.$$
head -c 600000 /dev/zero >&3
until "$r" info "$@" --json 2>/dev/null | grep -q '"payloads_begun":1'; do
    kill -0 $pid || exit 97; sleep 0.01  # until it has taken its space
done
kill -9 $pid; wait $pid; exec 3>&-
)sh" + next;
        return script_in_small_space(folder, script, words, "size=5m");
    }
    [[nodiscard]] Words words(const Words& address) const {
        Words all{MAPFERRY_WRITER_PATH, MAPFERRY_CONSOLE_PATH, make_source(4 * kMiB)};
        all.insert(all.end(), address.begin(), address.end());
        return all;
    }
};

TEST_F(DeadSpace, MakesWayForTheNextKeptPayload) {
    const Ended ended = finish(ChildProcess(
        after_a_death(kShm, words({"--name", "x"}), "\"$w\" \"$@\" --keep \"$source\"; exit $?")));
    EXPECT_TRUE(ended_with(0, ended));
}

TEST_F(DeadSpace, MakesWayForTheNextKeptStream) {
    const Ended ended = finish(ChildProcess(after_a_death(
        kShm, words({"--name", "x"}), "\"$w\" \"$@\" --keep - <\"$source\"; exit $?")));
    EXPECT_TRUE(ended_with(0, ended));
}

TEST_F(DeadSpace, MakesWayForTheNextBuffer) {
    const Ended ended = finish(ChildProcess(after_a_death(
        kShm, words({"--name", "x"}), "\"$w\" --buffer x --size 4MiB --text hello; exit $?")));
    EXPECT_TRUE(ended_with(0, ended));
}

TEST_F(DeadSpace, MakesWayForTheNextFrames) {
    const Ended ended = finish(ChildProcess(after_a_death(
        kShm, words({"--name", "x"}),
        "\"$w\" \"$@\" --frames - --image 2048x1024:GRAY8 --timeout 0 --slots 2 <\"$source\" "
        "2>/tmp/errors.$$; code=$?; grep -c more /tmp/errors.$$; rm /tmp/errors.$$; exit $code")));
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_EQ(ended.output, "0\n") << ended.errors;
}

TEST_F(DeadSpace, OfASectionFileMakesWayToo) {
    const std::string file = out_ + "/section.file";
    const Ended ended = finish(ChildProcess(after_a_death(
        out_, words({"--backing", file}), "\"$w\" \"$@\" --keep \"$source\"; exit $?")));
    EXPECT_TRUE(ended_with(0, ended));
}

TEST_F(DeadSpace, OfANameThatIsTakenIsNotAskedFor) {
    const std::string script = R"sh("$1" --keep --name x --text precious || exit 97
        "$1" --keep --name x "$2"; taken=$?
        "$1" --frames --name x --image 2048x2048:GRAY8 "$2"; frames=$?
        "$1" --buffer x --size 4MiB --text hello; buffer=$?
        exit $((taken == 73 && frames == 73 && buffer == 73 ? 0 : 1)))sh";
    const Ended ended = finish(ChildProcess(script_in_small_space(
        kShm, script, {MAPFERRY_WRITER_PATH, make_source(4 * kMiB)}, "size=5m")));
    EXPECT_TRUE(ended_with(0, ended));
    EXPECT_TRUE(contains(ended.errors, "holds a kept payload")) << ended.errors;
    EXPECT_FALSE(contains(ended.errors, "needs ")) << ended.errors;
}

// ---- little address space ----------------------------------------------------------------------

// A stream's slots are mapped as a whole, so a process with less address space can't map gigabytes
// of them.
class Unmappable : public ProgramTest {
  protected:
    void SetUp() override {
        if (kSanitized) GTEST_SKIP() << "a sanitizer needs more than that";
        leave_dead_stream();
    }
    void leave_dead_stream() const {
        auto geometry = plan(
            {.delivery = Delivery::kStream, .slot_count = 35, .slot_capacity_bytes = 256 * kMiB});
        ASSERT_TRUE(geometry);
        const auto dead = create_section(section_.address(), *geometry, ReserveNow::kDescriptors);
        ASSERT_TRUE(dead) << describe(dead.error());
    }
    void TearDown() override {
        if (section_.exists()) section_.remove();
    }
    [[nodiscard]] Launch limited(const char* program, const Words& arguments) const {
        return {.program = program, .arguments = arguments, .address_bytes_limit = 512 * kMiB};
    }
};

TEST_F(Unmappable, SectionIsRemoved) {
    EXPECT_FALSE(ended_with(
        0, finish(ChildProcess(limited(MAPFERRY_CONSOLE_PATH, {"info", section_.name()})))));
    EXPECT_TRUE(ended_with(0, finish(ChildProcess(limited(MAPFERRY_CONSOLE_PATH,
                                                          {"rm", "--force", section_.name()})))));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Unmappable, SectionIsCollected) {
    const Ended collected = finish(ChildProcess(limited(MAPFERRY_CONSOLE_PATH, {"gc"})));
    EXPECT_TRUE(ended_with(0, collected));
    EXPECT_TRUE(contains(collected.output, section_.name())) << collected.output;
    EXPECT_FALSE(section_.exists());
}

TEST_F(Unmappable, SectionMakesWayForTheNextWriter) {
    for (const Words& arguments :
         {Words{"--keep", "--name", section_.name(), "--text", "x"},
          Words{"--buffer", section_.name(), "--size", "64", "--text", "x"}}) {
        EXPECT_TRUE(ended_with(0, finish(ChildProcess(limited(MAPFERRY_WRITER_PATH, arguments)))));
        section_.remove();
        leave_dead_stream();
    }
}

// ---- limits of memory --------------------------------------------------------------------------

// A memory cgroup of 64 MiB, of either version.
class SmallCgroup : public ProgramTest {
  protected:
    void SetUp() override {
        for (const char* root : {"/sys/fs/cgroup/memory", "/sys/fs/cgroup"}) {
            const std::string folder = std::string(root) + "/" + section_.name();
            std::error_code error;
            if (!std::filesystem::create_directory(folder, error)) continue;
            folder_of_cgroup_ = folder;
            for (const char* limit : {"memory.limit_in_bytes", "memory.max"})
                if (std::filesystem::exists(folder + "/" + limit)) limit_ = folder + "/" + limit;
            if (!limit_.empty() && put(limit_, "67108864")) break;
            end();
        }
        if (folder_of_cgroup_.empty()) GTEST_SKIP() << "no memory cgroup can be made here";
        // Swap would provide the memory that the limit refuses.
        for (const char* swap : {"/memory.memsw.limit_in_bytes", "/memory.swap.max"})
            (void)put(folder_of_cgroup_ + swap, swap[8] == 'm' ? "67108864" : "0");
    }
    void TearDown() override {
        if (section_.exists()) section_.remove();
        end();
    }
    void end() {
        if (folder_of_cgroup_.empty()) return;
        EXPECT_EQ(::rmdir(folder_of_cgroup_.c_str()), 0);
        folder_of_cgroup_.clear();
    }
    static bool put(const std::string& path, const std::string& text) {
        std::ofstream file(path);
        file << text << std::flush;
        return file.good();
    }
    [[nodiscard]] Ended run_in_it(const Words& arguments, const std::string& input = {}) const {
        Words words{"-c", "echo $$ >\"$1/cgroup.procs\" || exit 99; shift; exec \"$@\"", "sh",
                    folder_of_cgroup_, MAPFERRY_WRITER_PATH};
        if (arguments.front() != "--buffer") words.insert(words.end(), {"--name", section_.name()});
        words.insert(words.end(), arguments.begin(), arguments.end());
        Launch launch{.program = "/bin/sh", .arguments = words};
        if (!input.empty()) launch.input = file_stream(input);
        return finish(ChildProcess(launch));
    }
    void expect_told(const Ended& ended) const {
        EXPECT_TRUE(ended_with(kExitIo, ended));
        EXPECT_TRUE(contains(ended.errors, "cgroup") || contains(ended.errors, "of memory"))
            << ended.errors;
        EXPECT_TRUE(contains(ended.errors, "hint: ")) << ended.errors;
        EXPECT_FALSE(section_.exists());
    }

    std::string folder_of_cgroup_;
    std::string limit_;
};

TEST_F(SmallCgroup, KeptPayloadOverItsLimitIsToldSo) {
    expect_told(run_in_it({"--keep", make_source(200 * kMiB)}));
}

TEST_F(SmallCgroup, KeptStreamOverItsLimitIsToldSo) {
    const std::string source = make_source(200 * kMiB);
    expect_told(run_in_it({"--keep", "-"}, source));
}

TEST_F(SmallCgroup, BufferOverItsLimitIsToldSo) {
    expect_told(run_in_it({"--buffer", section_.name(), "--size", "200MiB", "--text", "x"}));
    const std::string source = make_source(200 * kMiB);
    expect_told(run_in_it({"--buffer", section_.name(), "--size", "200MiB", source}));
    expect_told(run_in_it({"--buffer", section_.name(), "--size", "200MiB", "-"}, source));
}

TEST_F(SmallCgroup, FramesOverItsLimitAreToldSo) {
    const std::string source = make_source(160 * kMiB);  // two frames of 80 MiB
    expect_told(run_in_it({"--frames", source, "--image", "10240x8192:GRAY8", "--timeout", "0"}));
}

TEST_F(SmallCgroup, WhatFitsPasses) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's own memory does not fit";
    const std::string source = make_source(24 * kMiB);
    EXPECT_TRUE(ended_with(0, run_in_it({"--keep", source})));
    section_.remove();
    EXPECT_TRUE(ended_with(0, run_in_it({"--keep", "-"}, source)));
}

// The system writes a disk's pages back when memory is short.
TEST_F(SmallCgroup, SectionFileOnADiskPasses) {
    if (kThreadSanitized) GTEST_SKIP() << "the sanitizer's own memory does not fit";
    const std::string file = folder_.file("section.file");
    const std::string source = make_source(100 * kMiB);
    struct statfs facts{};
    constexpr auto kTmpfs = 0x01021994;
    if (::statfs(folder_.path().c_str(), &facts) != 0 || facts.f_type == kTmpfs)
        GTEST_SKIP() << "the scratch folder is memory itself";
    EXPECT_TRUE(ended_with(0, run_in_it({"--keep", "--backing", file, source})));
}

}  // namespace
}  // namespace mapferry::testing
