// SPDX-License-Identifier: Apache-2.0
// Sparse files: the holes of a source take no space in the output either, for every kind of output,
// and the bytes are the same.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "process/programs.h"
#include "process/small_space.h"
#include "support/host.h"
#include "support/sparse_file.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kPage = 4096;

// Holes at the beginning, between islands and at the end; islands that begin and end anywhere.
const std::vector<std::pair<std::uint64_t, Islands>>& shapes() {
    static const std::vector<std::pair<std::uint64_t, Islands>> all = {
        {64 * kMiB, {}},
        {kPage, {}},
        {kPage + 1, {}},
        {300 * kKiB, {{0, 5}}},
        {20 * kMiB + 17, {{10 * kMiB, kMiB}}},
        {20 * kMiB + 17, {{0, kMiB}, {19 * kMiB, kMiB + 17}}},
        {9 * kMiB + 1, {{kMiB + 1, 3}, {3 * kMiB - 1, 2}, {5 * kMiB + 4095, 70'000}}},
        {5 * kMiB, {{0, 4 * kMiB}}},
        {40 * kMiB, {{3 * kMiB, 33 * kMiB}}},
        {kMiB + 100, {{kMiB + 99, 1}}},
    };
    return all;
}

class SparseFile : public ProgramTest {
  protected:
    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }

    // Runs one transfer; returns the reader's result.
    Ended transfer(const Words& sources, const Words& reader_arguments) {
        ChildProcess writer = start_writer(sources);
        Ended reader = run_reader(reader_arguments);
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        return reader;
    }
    void expect_same_shape(const std::string& source, const std::string& copy) {
        EXPECT_TRUE(same_content(source, copy)) << copy;
        EXPECT_EQ(stored_parts(source), stored_parts(copy)) << copy;
    }
};

TEST_F(SparseFile, OfHolesAloneTakesNoSpaceInTheOutput) {
    const std::string source = folder_.file("f");
    make_sparse_file(source, kGiB);
    transfer({source}, {"-o", target()});
    EXPECT_EQ(std::filesystem::file_size(target()), kGiB);
    EXPECT_EQ(space_of(target()), 0U);
    EXPECT_TRUE(same_content(source, target()));
}

TEST_F(SparseFile, OfAnyShapeKeepsItsHolesAmongOthersInAFolder) {
    Words sources{make_source(3 * kMiB, "dense")};
    for (const auto& [bytes, islands] : shapes()) {
        sources.push_back(folder_.file("shape-" + std::to_string(sources.size())));
        make_islands(sources.back(), bytes, islands);
    }
    transfer(sources, {"-o", out_});
    for (const std::string& source : sources)
        expect_same_shape(source, out_ + "/" + std::filesystem::path(source).filename().string());
}

TEST_F(SparseFile, WithManyIslandsKeepsEachHole) {
    Islands islands;
    for (std::uint64_t at = 0; at < 32 * kMiB; at += 4 * kPage)
        islands.push_back({.begin = at + kPage, .bytes = at % 3 == 0 ? kPage : 100});
    const std::string source = folder_.file("f");
    make_islands(source, 32 * kMiB, islands);
    transfer({source}, {"-o", target()});
    expect_same_shape(source, target());
}

TEST_F(SparseFile, OnStandardInputKeepsItsHolesFromItsPlaceOn) {
    const std::string source = folder_.file("f");
    make_islands(source, 8 * kMiB, {{kMiB, 3 * kMiB}});
    ChildProcess writer(
        {.program = "/bin/sh",
         .arguments = {"-c", "{ head -c 5000 >/dev/null; exec \"$@\"; } <\"$0\"", source,
                       MAPFERRY_WRITER_PATH, "--name", section_.name(), "-"}});
    ASSERT_TRUE(ended_with(0, run_reader({"-o", target()})));
    ASSERT_TRUE(ended_with(0, writer));
    const Bytes all = read_file(source);
    EXPECT_TRUE(read_file(target()) == Bytes(all.begin() + 5000, all.end()));
    EXPECT_LT(space_of(target()), 3 * kMiB + 4 * kPage);
}

TEST_F(SparseFile, HasTheDigestOfAllItsBytes) {
    const std::string source = folder_.file("f");
    make_islands(source, 20 * kMiB + 17, {{kMiB + 1, 3}, {10 * kMiB, 3 * kMiB}});
    const std::string dense = folder_.file("dense");
    write_file(dense, read_file(source));
    for (const char* const over : {"bytes", "chunks"}) {
        std::vector<std::string> digests;
        for (const std::string& path : {source, dense}) {
            ChildProcess writer = start_writer(Words{"--digest", over, path});
            const Ended reader = run_reader({"--json", "--null"});
            ASSERT_TRUE(ended_with(0, reader));
            EXPECT_TRUE(ended_with(0, writer));
            digests.push_back(json_event(reader.output, "payload").at("xxh3_128"));
        }
        EXPECT_EQ(digests.front(), digests.back()) << over;
    }
}

// This would take hours if the zeros went through the section.
TEST_F(SparseFile, OfHundredsOfGigabytesPassesWithoutThem) {
    const std::string source = folder_.file("f");
    make_islands(source, 400 * kGiB + 5, {{300 * kGiB, kMiB}});
    const Ended null = transfer({source}, {"--json", "--null"});
    EXPECT_EQ(json_event(null.output, "payload").at("bytes"), 400 * kGiB + 5);
    transfer({source}, {"-o", target()});
    EXPECT_EQ(std::filesystem::file_size(target()), 400 * kGiB + 5);
    EXPECT_EQ(stored_parts(source), stored_parts(target()));
}

TEST_F(SparseFile, InSlotsOfAnySizeArrives) {
    const std::string source = folder_.file("f");
    make_islands(source, 20 * kMiB + 17, {{kMiB + 1, 3}, {10 * kMiB, 3 * kMiB}});
    for (const char* const slot : {"4KiB", "12KiB", "1MiB", "3MiB", "64MiB", "65MiB"}) {
        transfer({"--slot-size", slot, source}, {"--force", "-o", target()});
        EXPECT_TRUE(same_content(source, target())) << slot;
    }
}

TEST_F(SparseFile, StaysAHoleAtTheShortEndOfEachSlot) {
    const std::string source = folder_.file("f");
    make_islands(source, 3'000'000, {{0, 1}});
    transfer({"--slot-size", "300KiB", source}, {"-o", target()});
    EXPECT_TRUE(same_content(source, target()));
    EXPECT_LE(space_of(target()), 8 * kKiB) << "a 64th of the slot, in whole pages";
}

// ---- --sparse -----------------------------------------------------------------------------------

TEST_F(SparseFile, IsWhatTheOptionSays) {
    const std::string sparse = folder_.file("sparse");
    make_sparse_file(sparse, 5 * kMiB);
    const std::string zeros = folder_.file("zeros");
    write_file(zeros, Bytes(5 * kMiB + 100));
    const auto space = [&](const std::string& source, const Words& options) {
        Words arguments{"--force", "-o", target()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        transfer({source}, arguments);
        EXPECT_TRUE(same_content(source, target()));
        return space_of(target());
    };
    EXPECT_EQ(space(sparse, {}), 0U);
    EXPECT_EQ(space(sparse, {"--sparse=auto"}), 0U);
    EXPECT_EQ(space(sparse, {"--sparse", "always"}), 0U);
    EXPECT_GE(space(sparse, {"--sparse", "never"}), 5 * kMiB);
    EXPECT_GE(space(zeros, {}), 5 * kMiB);
    EXPECT_GE(space(zeros, {"--sparse", "never"}), 5 * kMiB);
    EXPECT_EQ(space(zeros, {"--sparse=always"}), 0U);
}

TEST_F(SparseFile, AlwaysLeavesOutWholeBlocksOfZerosAlone) {
    Bytes bytes = random_bytes(6 * kMiB + 100);
    std::fill(bytes.begin() + 100, bytes.begin() + 3 * kPage + 10, std::byte{});
    std::fill(bytes.begin() + 2 * kMiB, bytes.begin() + 5 * kMiB, std::byte{});
    bytes[4 * kMiB] = std::byte{1};
    const std::string source = folder_.file("f");
    write_file(source, bytes);
    transfer({source}, {"--sparse=always", "-o", target()});
    EXPECT_TRUE(same_content(source, target()));
    const Islands expected = {
        {0, kPage}, {3 * kPage, 2 * kMiB - 3 * kPage}, {4 * kMiB, kPage}, {5 * kMiB, kMiB + 100}};
    const Islands stored = stored_parts(target());
    ASSERT_EQ(stored.size(), expected.size());
    for (std::size_t i = 0; i < stored.size(); ++i)
        EXPECT_EQ(stored[i].begin, expected[i].begin) << i;
}

TEST_F(SparseFile, OptionThatIsNoneOfThreeIsUsage) {
    for (const Words& wrong : {Words{"--sparse=some"}, Words{"--sparse", ""}, Words{"--sparse"},
                               Words{"--frames", "--sparse", "auto"}}) {
        const Ended ended = run_reader(wrong);
        EXPECT_TRUE(ended_with(kExitUsage, ended));
    }
}

// ---- outputs ------------------------------------------------------------------------------------

TEST_F(SparseFile, InPlaceLeavesNothingOfTheOldFile) {
    const std::string source = folder_.file("f");
    make_islands(source, 9 * kMiB + 1, {{kMiB + 1, 3}, {5 * kMiB + 4095, 70'000}});
    const std::string old_sparse = folder_.file("old");
    make_islands(old_sparse, 12 * kMiB, {{2 * kMiB, kMiB}, {8 * kMiB, 4 * kMiB}});
    for (const std::uint64_t old_bytes : {std::uint64_t{0}, 100 * kKiB, 6 * kMiB, 30 * kMiB}) {
        write_random_file(target(), old_bytes);
        transfer({source}, {"--in-place", "-o", target()});
        expect_same_shape(source, target());
        std::filesystem::remove(target());
    }
    std::filesystem::copy_file(old_sparse, target());
    transfer({source}, {"--in-place", "-o", target()});
    expect_same_shape(source, target());
    write_random_file(target(), 30 * kMiB);
    transfer({source}, {"--in-place", "--sparse", "never", "-o", target()});
    EXPECT_TRUE(same_content(source, target()));
    EXPECT_GE(space_of(target()), 9 * kMiB);
}

TEST_F(SparseFile, ReplacesAndKeepsTimeAndModeAsAnyOther) {
    const std::string source = folder_.file("f");
    make_islands(source, 9 * kMiB + 1, {{kMiB + 1, 3}});
    set_mtime_unix_ns(source, 1'000'000'000'000'000'000);
    set_permission_bits(source, 0640);
    write_random_file(target(), 20 * kMiB);
    transfer({source}, {"--force", "--preserve", "--durable", "-o", target()});
    expect_same_shape(source, target());
    EXPECT_EQ(mtime_unix_ns(target()), 1'000'000'000'000'000'000);
    EXPECT_EQ(permission_bits(target()), 0640U);
}

// `redirect` is the shell's redirection of the reader's standard output.
TEST_F(SparseFile, OnStandardOutputIsWhole) {
    const std::string source = folder_.file("f");
    make_islands(source, 9 * kMiB + 1, {{kMiB + 1, 3}, {5 * kMiB, kMiB}});
    const Bytes bytes = read_file(source);
    const Bytes old = random_bytes(30 * kMiB);
    const auto received = [&](const std::string& redirect) {
        write_file(target(), old);
        ChildProcess writer = start_writer(Words{source, source});
        ChildProcess reader(
            {.program = "/bin/sh",
             .arguments = {"-c", "{ \"$@\"; echo end; } " + redirect + " \"$0\"", target(),
                           MAPFERRY_READER_PATH, "--name", section_.name(), "-o", "-"}});
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_TRUE(ended_with(0, writer));
        return read_file(target());
    };
    Bytes twice = bytes;
    twice.insert(twice.end(), bytes.begin(), bytes.end());
    for (const char character : std::string("end\n"))
        twice.push_back(static_cast<std::byte>(character));
    EXPECT_TRUE(received(">") == twice);
    EXPECT_LT(space_of(target()), 4 * kMiB);
    EXPECT_TRUE(received("| cat >") == twice);
    Bytes appended = old;
    appended.insert(appended.end(), twice.begin(), twice.end());
    EXPECT_TRUE(received(">>") == appended);
    Bytes over = old;
    std::copy(twice.begin(), twice.end(), over.begin());
    EXPECT_TRUE(received("1<>") == over);
}

// ---- what can go wrong --------------------------------------------------------------------------

TEST_F(SparseFile, FitsASmallDiskUnlessItsZerosAreWritten) {
    SKIP_WITHOUT_SMALL_SPACE();
    const std::string source = folder_.file("f");
    make_islands(source, 64 * kMiB, {{10 * kMiB, 100 * kKiB}});
    for (const auto& [sparse, code] :
         {std::pair{"auto", 0}, std::pair{"always", 0}, std::pair{"never", kExitIo}}) {
        ChildProcess writer = start_writer(Words{source});
        const Ended reader = finish(
            ChildProcess(in_small_space(out_, {MAPFERRY_READER_PATH, "--name", section_.name(),
                                               "--sparse", sparse, "-o", out_})));
        EXPECT_TRUE(ended_with(code, reader));
        EXPECT_TRUE(contains(reader.errors, code == 0 ? "left: 1" : "left: 0")) << reader.errors;
        EXPECT_TRUE(ended_with(code == 0 ? 0 : kExitPeerGone, writer));
    }
}

TEST_F(SparseFile, LargerThanAnyFileMayBeIsAnError) {
    const std::string source = folder_.file("f");
    make_sparse_file(source, 64 * kMiB);
    ChildProcess writer = start_writer(Words{source});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"-o", target()}, .file_bytes_limit = kMiB});
    EXPECT_TRUE(ended_with(kExitIo, reader));
    EXPECT_TRUE(contains(reader.errors(), "ulimit -f")) << reader.errors();
    EXPECT_EQ(writer.wait(), exited(kExitPeerGone));
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{});
}

TEST_F(SparseFile, ThatIsCutWhileItIsSentIsAnError) {
    const std::string source = folder_.file("f");
    make_islands(source, 40 * kMiB, {{0, 20 * kMiB}, {30 * kMiB, kMiB}});
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(Words{source});
    Bytes first(kMiB);
    ASSERT_NE(reader.read_output(first), 0U);
    std::filesystem::resize_file(source, 25 * kMiB);
    (void)reader.read_all_output();
    EXPECT_TRUE(ended_with(kExitIo, writer));
    EXPECT_TRUE(contains(writer.errors(), "became shorter")) << writer.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

}  // namespace
}  // namespace mapferry::testing
