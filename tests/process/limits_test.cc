// SPDX-License-Identifier: Apache-2.0
// Too little space, time or another resource: an ordinary error with the numbers, and nothing
// remains.
#include <filesystem>

#include "platform/clock.h"
#include "process/programs.h"
#include "process/small_space.h"
#include "support/host.h"
#include "support/sanitizer.h"

namespace mapferry::testing {
namespace {

constexpr const char* kShm = "/dev/shm";

// ---- space for the section ---------------------------------------------------------------------

class SmallShm : public ProgramTest {
  protected:
    void SetUp() override { SKIP_WITHOUT_SMALL_SPACE(); }

    // Starts mapferry-writer where shared memory has one megabyte.
    [[nodiscard]] ChildProcess start_squeezed_writer(const Words& options,
                                                     Stream input = {}) const {
        Words words{MAPFERRY_WRITER_PATH, "--name", section_.name()};
        words.insert(words.end(), options.begin(), options.end());
        Launch launch = in_small_space(kShm, words);
        launch.input = std::move(input);
        return ChildProcess(launch);
    }

    static void expect_no_space(ChildProcess& writer) {
        EXPECT_TRUE(ended_with(kExitIo, writer));
        const std::string errors = writer.errors();
        // The message has the needed space, the free space, and a remedy.
        EXPECT_TRUE(contains(errors, "needs ")) << errors;
        EXPECT_TRUE(contains(errors, "free")) << errors;
        EXPECT_TRUE(contains(errors, "iB")) << errors;
        EXPECT_TRUE(contains(errors, "--backing")) << errors;
        EXPECT_TRUE(contains(errors, "left: 0")) << errors;
    }
};

TEST_F(SmallShm, WantedRingThatDoesNotFitIsAnError) {
    ChildProcess writer =
        start_squeezed_writer({"--slots", "8", "--slot-size", "256KiB", make_source(8 * kMiB)});
    expect_no_space(writer);
    EXPECT_TRUE(contains(writer.errors(), "2.0 MiB")) << writer.errors();
}

TEST_F(SmallShm, WantedSlotsOfAnUnknownSizeAreAnError) {
    ChildProcess writer = start_squeezed_writer({"--slot-size", "256KiB", "-"});
    expect_no_space(writer);
}

TEST_F(SmallShm, LargeKeptFileIsAnErrorAtOnce) {
    make_reserved_file(folder_.file("large"), 500 * kMiB);
    ChildProcess writer = start_squeezed_writer({"--keep", folder_.file("large")});
    expect_no_space(writer);
}

TEST_F(SmallShm, KeptStreamThatOutgrowsItIsAnErrorAndNoBusError) {
    ChildProcess writer = start_squeezed_writer({"--keep", "-"}, pipe_stream());
    (void)writer.write_input(random_bytes(4 * kMiB));
    writer.close_input();
    expect_no_space(writer);
}

TEST_F(SmallShm, FullOneIsAnError) {
    ChildProcess writer(script_in_small_space(
        kShm, "head -c 1040000 /dev/zero >/dev/shm/filler; exec \"$@\"",
        {MAPFERRY_WRITER_PATH, "--name", section_.name(), "--text", "a small text"}));
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors(), "free")) << writer.errors();
}

TEST_F(SmallShm, SmallRingWorks) {
    const std::string source = make_source(5 * kMiB + 1);
    ChildProcess both(script_in_small_space(
        kShm, "\"$1\" --slots 3 --slot-size 64KiB \"$2\" & \"$3\" -o \"$4\" && wait $!",
        {MAPFERRY_WRITER_PATH, source, MAPFERRY_READER_PATH, folder_.file("out/target")}));
    ASSERT_TRUE(ended_with(0, both));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(SmallShm, BackingFileElsewhereWorks) {
    const std::string source = make_source(5 * kMiB + 1);
    ChildProcess both(script_in_small_space(
        kShm,
        "\"$1\" --keep --backing \"$5\" \"$2\" && \"$3\" --backing \"$5\" --consume -o \"$4\"",
        {MAPFERRY_WRITER_PATH, source, MAPFERRY_READER_PATH, folder_.file("out/target"),
         folder_.file("section.map")}));
    ASSERT_TRUE(ended_with(0, both));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
    EXPECT_FALSE(std::filesystem::exists(folder_.file("section.map")));
}

TEST_F(SmallShm, BackingFileInASmallFolderIsAnError) {
    const std::string small = folder_.make_folder("small");
    Words words{MAPFERRY_WRITER_PATH, "--backing", small + "/section",   "--slots", "8",
                "--slot-size",        "256KiB",    make_source(8 * kMiB)};
    ChildProcess writer(in_small_space(small, words));
    expect_no_space(writer);
}

// ---- other limits of the system ----------------------------------------------------------------

class SystemLimits : public ProgramTest {
  protected:
    void SetUp() override {
        if (!can_limit_resources()) GTEST_SKIP() << "resources of a process can't be limited here";
    }
};

TEST_F(SystemLimits, OfFileSizeForTheSectionIsAnError) {
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--slots", "8", "--slot-size", "256KiB", make_source(8 * kMiB)},
               .file_bytes_limit = kMiB});
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors(), "ulimit -f")) << writer.errors();
    EXPECT_FALSE(section_.exists());
}

TEST_F(SystemLimits, OfAddressSpaceIsAnError) {
    if (is_emulated()) GTEST_SKIP() << "QEMU enforces no limit of address space";
    if (kSanitized) GTEST_SKIP() << "a sanitizer needs more address space than that";
    const std::string source = folder_.file("sparse");
    make_sparse_file(source, 600 * kMiB);
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", source}, .address_bytes_limit = 200 * kMiB});
    const Exit exit = writer.wait();
    EXPECT_TRUE(exit == exited(71) || exit == exited(kExitIo)) << exit << writer.errors();
    EXPECT_FALSE(section_.exists());
}

TEST_F(SystemLimits, OfAddressSpaceAndFilesBoundAKeptStreamAndLetItPass) {
    if (is_emulated()) GTEST_SKIP() << "QEMU enforces no limit of address space";
    if (kSanitized) GTEST_SKIP() << "a sanitizer needs more address space than that";
    const Bytes bytes = random_bytes(3 * kMiB);
    for (const bool of_files : {false, true}) {
        Launch launch{.arguments = {"--keep", "-"}, .input = pipe_stream()};
        (of_files ? launch.file_bytes_limit : launch.address_bytes_limit) = 200 * kMiB;
        ChildProcess writer = start_writer(launch);
        ASSERT_TRUE(writer.write_input(bytes));
        writer.close_input();
        ASSERT_TRUE(ended_with(0, writer));
        const std::string target = folder_.file("out/target");
        ASSERT_TRUE(ended_with(0, run_reader({"--consume", "--force", "-o", target})));
        EXPECT_TRUE(read_file(target) == bytes);
    }
}

TEST_F(SystemLimits, OfOpenFilesIsAnError) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer needs open files of its own";
    const std::string source = make_source(1000);
    for (const std::uint64_t files : {4u, 5u}) {
        ChildProcess writer = start_writer(
            Launch{.arguments = {"--timeout", "5s", source}, .open_files_limit = files});
        ChildProcess reader = start_reader(Words{"--timeout", "5s", "--null"});
        const Exit exit = writer.wait();
        EXPECT_TRUE(exit == exited(0) || exit == exited(71)) << exit << writer.errors();
        EXPECT_NE(reader.wait(), ended_by(Signal::kKill));
        EXPECT_FALSE(section_.exists());
    }
}

// ---- time --------------------------------------------------------------------------------------

class Timeout : public ProgramTest {
  protected:
    // Expects an end with `code`, not before its time and long before the default of 30 s.
    static void expect_end_after(std::int64_t least_ms, int code, ChildProcess child) {
        const std::int64_t began_ns = platform::monotonic_ns();
        EXPECT_TRUE(ended_with(code, child));
        const std::int64_t took_ms = (platform::monotonic_ns() - began_ns) / 1'000'000;
        EXPECT_GE(took_ms, least_ms) << child.command();
        EXPECT_LT(took_ms, 20'000) << child.command();
    }
};

TEST_F(Timeout, OfAWriterWithoutReaders) {
    // Less than the timeout, because this test starts its clock a little later than the program
    // does.
    expect_end_after(700, kExitTimedOut, start_writer(Words{"--timeout", "1s", "--text", "x"}));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Timeout, OfZeroOfAWriterWithoutReaders) {
    expect_end_after(0, kExitTimedOut, start_writer(Words{"--timeout", "0", "--text", "x"}));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Timeout, OfAReaderWithoutWriter) {
    expect_end_after(700, kExitTimedOut, start_reader(Words{"--timeout", "1s", "--null"}));
}

TEST_F(Timeout, OfZeroOfAReaderWithoutWriter) {
    expect_end_after(0, kExitNoInput, start_reader(Words{"--timeout", "0", "--null"}));
}

TEST_F(Timeout, OfAReaderWithoutItsBackingFile) {
    const Words options{"--timeout", "0", "--backing", folder_.file("missing"), "--null"};
    expect_end_after(0, kExitNoInput, start_reader(options));
}

// ---- usage -------------------------------------------------------------------------------------

using Usage = ProgramTest;

TEST_F(Usage, OfTheWriterIsChecked) {
    const std::string file = make_source(1);
    for (const Words& wrong :
         {Words{}, Words{"--no-such-option", file}, Words{"--readers", "0", file},
          Words{"--readers", "65", file}, Words{"--readers", "two", file},
          Words{"--slots", "0", file}, Words{"--slot-size", "4QiB", file},
          Words{"--slot-size", "-1", file}, Words{"--slot-size", "2TiB", file},
          Words{"--timeout", "soon", file}, Words{"--progress", "maybe", file},
          Words{"--digest", "md5", file}, Words{"-", "-"}, Words{"--name", "a/b", file},
          Words{"--name", "", file}, Words{"--name", std::string(65, 'a'), file},
          Words{"--name", ".hidden", file}})
        EXPECT_TRUE(ended_with(kExitUsage, run_writer(wrong)));
}

TEST_F(Usage, OfTheReaderIsChecked) {
    for (const Words& wrong :
         {Words{"--no-such-option"}, Words{"--null", "-o", "x"}, Words{"--timeout", "-3s"},
          Words{"no-such-command"}, Words{"--name", "../x"}})
        EXPECT_TRUE(ended_with(kExitUsage, run_reader(wrong)));
    EXPECT_TRUE(ended_with(kExitUsage, run_tool({"info", "a", "b"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_tool({"info", "a/b"})));
}

TEST_F(Usage, HelpAndVersionSucceed) {
    for (const char* program :
         {MAPFERRY_WRITER_PATH, MAPFERRY_READER_PATH, MAPFERRY_CONSOLE_PATH}) {
        for (const char* option : {"--help", "-h", "--version"}) {
            const Ended ended = finish(ChildProcess({.program = program, .arguments = {option}}));
            EXPECT_TRUE(ended_with(0, ended));
            EXPECT_FALSE(ended.output.empty());
            EXPECT_EQ(ended.errors, "");
        }
    }
}

TEST_F(Usage, MissingInputIsToldBeforeASectionIsMade) {
    EXPECT_TRUE(ended_with(kExitNoInput, run_writer({folder_.file("missing")})));
    const std::string good = make_source(1);
    EXPECT_TRUE(ended_with(kExitNoInput, run_writer({good, folder_.file("missing")})));
    const Ended folder = run_writer({folder_.path()});
    EXPECT_TRUE(ended_with(kExitNoInput, folder));
    EXPECT_TRUE(contains(folder.errors, "folder")) << folder.errors;
    EXPECT_FALSE(section_.exists());
}

TEST_F(Usage, QuietProgramsSayNothing) {
    ChildProcess writer = start_writer(Words{"--quiet", "--text", "x"});
    const Ended reader = run_reader({"--quiet"});
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(reader.output, "x");
    EXPECT_EQ(reader.errors + writer.errors() + writer.output(), "");
}

}  // namespace
}  // namespace mapferry::testing
