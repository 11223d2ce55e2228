// SPDX-License-Identifier: Apache-2.0
// Outputs that can't be written, or must not be: an error, and nothing incomplete remains.
#include <filesystem>

#include "process/programs.h"
#include "process/small_space.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class OutputLimits : public ProgramTest {
  protected:
    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }
};

TEST_F(OutputLimits, FullDiskLeavesNothing) {
    SKIP_WITHOUT_SMALL_SPACE();
    ChildProcess writer = start_writer(Words{make_source(4 * kMiB)});
    ChildProcess reader(
        in_small_space(out_, {MAPFERRY_READER_PATH, "--name", section_.name(), "-o", target()}));
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(contains(reader.errors(), "left: 0")) << reader.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
}

TEST_F(OutputLimits, FullDiskLeavesAKeptPayloadForAnotherTry) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = make_source(4 * kMiB);
    ASSERT_TRUE(keep({source}));
    ChildProcess reader(in_small_space(
        out_, {MAPFERRY_READER_PATH, "--name", section_.name(), "--consume", "-o", target()}));
    EXPECT_TRUE(ended_with(kExitIo, reader));
    ASSERT_TRUE(ended_with(0, run_reader({"--consume", "-o", target()})));
    EXPECT_TRUE(same_content(source, target()));
}

TEST_F(OutputLimits, FileSizeLimitLeavesNothing) {
    if (!can_limit_resources()) GTEST_SKIP() << "resources of a process can't be limited here";
    ChildProcess writer = start_writer(Words{make_source(4 * kMiB)});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", target()}, .file_bytes_limit = kMiB});
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

// A separate thread writes large files; its errors are the reader's errors.
TEST_F(OutputLimits, FileSizeLimitFarIntoALargeFileLeavesNothing) {
    if (!can_limit_resources()) GTEST_SKIP() << "resources of a process can't be limited here";
    ChildProcess writer = start_writer(Words{make_source(48 * kMiB)});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", target()}, .file_bytes_limit = 40 * kMiB});
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(contains(reader.errors(), "cannot write")) << reader.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(OutputLimits, LossInPlaceIsToldBesideTheWayOut) {
    if (!can_limit_resources()) GTEST_SKIP() << "resources of a process can't be limited here";
    write_file(target(), std::string("old"));
    ChildProcess writer = start_writer(Words{make_source(4 * kMiB)});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--in-place", "-o", target()}, .file_bytes_limit = kMiB});
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(contains(reader.errors(), "neither old nor new")) << reader.errors();
    EXPECT_TRUE(contains(reader.errors(), "ulimit -f")) << reader.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
}

TEST_F(OutputLimits, FullDeviceBehindStandardOutputIsAnError) {
    const std::string device = full_device();
    if (device.empty()) GTEST_SKIP() << "no device is always full here";
    ChildProcess writer = start_writer(Words{make_source(4 * kMiB)});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", "-"}, .output = file_stream(device)});
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    ChildProcess list(
        {.program = MAPFERRY_CONSOLE_PATH, .arguments = {"doctor"}, .output = file_stream(device)});
    EXPECT_TRUE(ended_with(kExitIo, list));
}

TEST_F(OutputLimits, StandardOutputClosedEarlyIsAnErrorAndNoSilentDeath) {
    ChildProcess writer = start_writer(Words{make_source(8 * kMiB)});
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    Bytes first(1);
    ASSERT_EQ(reader.read_output(first), 1u);
    reader.close_output();
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_FALSE(reader.errors().empty());
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
}

TEST_F(OutputLimits, MissingFolderIsAnErrorOfTheOutput) {
    ChildProcess writer = start_writer(Words{make_source(10)});
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"-o", folder_.file("no/target")})));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    writer = start_writer(Words{make_source(10)});
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"-o", folder_.file("no/")})));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
}

TEST_F(OutputLimits, ExistingFileIsKeptUnlessForced) {
    const std::string source = make_source(100'000);
    write_file(target(), std::string("old"));
    ChildProcess writer = start_writer(Words{source});
    const Ended refused = run_reader({"-o", target()});
    EXPECT_TRUE(ended_with(kExitCannotCreate, refused));
    EXPECT_TRUE(contains(refused.errors, "--force")) << refused.errors;
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_EQ(read_text(target()), "old");
    writer = start_writer(Words{source});
    EXPECT_TRUE(ended_with(0, run_reader({"--force", "-o", target()})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, target()));
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
}

TEST_F(OutputLimits, ExistingFileUnderTheSendersNameIsKept) {
    const std::string source = make_source(1000, "photo.raw");
    write_file(folder_.file("out/photo.raw"), std::string("mine"));
    for (const Words& options : {Words{}, Words{"-o", out_}}) {
        ChildProcess writer = start_writer(Words{source});
        ChildProcess reader = start_reader(Launch{.arguments = options, .folder = out_});
        EXPECT_TRUE(ended_with(kExitCannotCreate, reader));
        EXPECT_TRUE(ended_with(kExitPeerGone, writer));
        EXPECT_EQ(read_text(folder_.file("out/photo.raw")), "mine");
    }
}

TEST_F(OutputLimits, SourceItselfIsNeverReplaced) {
    const std::string source = make_source(100'000);
    const Bytes before = read_file(source);
    const std::string linked = folder_.file("hard-link");
    std::filesystem::create_hard_link(source, linked);
    for (const std::string& path : {source, linked}) {
        ChildProcess writer = start_writer(Words{source});
        EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"--force", "-o", path})));
        EXPECT_TRUE(ended_with(kExitPeerGone, writer));
        EXPECT_TRUE(read_file(source) == before);
    }
}

TEST_F(OutputLimits, SourceItselfBehindStandardOutputIsNotWritten) {
    const std::string source = make_source(100'000);
    const Bytes before = read_file(source);
    ChildProcess writer = start_writer(Words{source});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", "-"}, .output = file_stream(source)});
    EXPECT_TRUE(ended_with(kExitCannotCreate, reader));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(read_file(source) == before);
}

TEST_F(OutputLimits, OtherThanARegularFileIsRefused) {
    Words paths = {null_device()};
    write_file(folder_.file("file"), std::string("behind the link"));
    if (has_fifos()) {
        make_fifo(folder_.file("out/pipe"));
        paths.push_back(folder_.file("out/pipe"));
    }
    if (has_symlinks()) {
        make_symlink(folder_.file("file"), folder_.file("out/link"));
        make_symlink(folder_.file("nothing"), folder_.file("out/dangling"));
        paths.insert(paths.end(), {folder_.file("out/link"), folder_.file("out/dangling")});
    }
    const Words before = ScratchFolder::names_in(out_);
    for (const std::string& path : paths) {
        ChildProcess writer = start_writer(Words{make_source(1000)});
        EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"--force", "-o", path}))) << path;
        EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    }
    EXPECT_EQ(read_text(folder_.file("file")), "behind the link");
    EXPECT_FALSE(std::filesystem::exists(folder_.file("nothing")));
    EXPECT_EQ(ScratchFolder::names_in(out_), before);
}

TEST_F(OutputLimits, NamelessPayloadNeedsANameInAFolder) {
    ChildProcess writer = start_writer(Words{"-"});
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"-o", out_})));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

}  // namespace
}  // namespace mapferry::testing
