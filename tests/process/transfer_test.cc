// SPDX-License-Identifier: Apache-2.0
// A payload goes in at one side and comes out at the other, byte for byte.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "mapferry/file_name.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class Transfer : public ProgramTest {
  protected:
    // Runs both programs with these arguments and compares the output with the source.
    void expect_round_trip(const std::string& source, Words writer_options = {},
                           Words reader_options = {}) const {
        const std::string target = folder_.file("out/target");
        writer_options.push_back(source);
        reader_options.insert(reader_options.end(), {"--force", "-o", target});
        ChildProcess writer = start_writer(std::move(writer_options));
        ChildProcess reader = start_reader(std::move(reader_options));
        ASSERT_TRUE(ended_with(0, reader));
        ASSERT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(source, target)) << writer.command();
        EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
        EXPECT_FALSE(section_.exists());
    }

    // Sizes around the boundaries of slots of this size.
    void expect_round_trips_at_seams(std::uint64_t slot, const Words& options) const {
        for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, slot - 1, slot,
                                          slot + 1, 5 * slot - 1, 5 * slot, 5 * slot + 1}) {
            SCOPED_TRACE(bytes);
            const std::string source = make_source(bytes);
            expect_round_trip(source, options);
        }
    }
};

TEST_F(Transfer, DefaultRingAtItsSeams) {
    expect_round_trips_at_seams(256 * kKiB, {});
}

TEST_F(Transfer, OneSmallestSlotAtItsSeams) {
    expect_round_trips_at_seams(4 * kKiB, {"--slot-size", "4KiB", "--slots", "1"});
}

TEST_F(Transfer, TwoSmallestSlotsAtTheirSeams) {
    expect_round_trips_at_seams(4 * kKiB, {"--slot-size", "4096", "--slots", "2"});
}

TEST_F(Transfer, ThreeSlotsAtTheirSeams) {
    expect_round_trips_at_seams(64 * kKiB, {"--slot-size", "64KiB", "--slots", "3"});
}

TEST_F(Transfer, OneLargeSlotAtItsSeams) {
    expect_round_trips_at_seams(kMiB, {"--slot-size", "1MiB", "--slots", "1"});
}

TEST_F(Transfer, KeptAtItsSeams) {
    for (const std::uint64_t bytes : {0u, 1u, 4095u, 4096u, 4097u, 40'959u, 40'960u, 40'961u}) {
        const std::string source = make_source(bytes);
        expect_round_trip(source, {"--keep", "--slot-size", "4KiB"}, {"--consume"});
    }
}

TEST_F(Transfer, SlotSizeIsRoundedUpToPages) {
    expect_round_trip(make_source(20'001), {"--slot-size", "4097", "--slots", "2"});
}

TEST_F(Transfer, RandomMegabytes) {
    expect_round_trip(make_source(64 * kMiB));
}

TEST_F(Transfer, DigestOverBytes) {
    const std::string source = make_source(kMiB + 1);
    expect_round_trip(source, {"--digest", "bytes"});
}

TEST_F(Transfer, BothSidesTellTheSameDigest) {
    const std::string source = make_source(3 * kMiB + 17);
    for (const char* over : {"bytes", "chunks"}) {
        ChildProcess writer = start_writer(Words{"--json", "--digest", over, source});
        ChildProcess reader = start_reader(Words{"--json", "--null"});
        ASSERT_TRUE(ended_with(0, reader));
        ASSERT_TRUE(ended_with(0, writer));
        const auto sent = json_event(writer.output(), "payload");
        const auto received = json_event(reader.output(), "payload");
        EXPECT_EQ(sent.at("bytes"), 3 * kMiB + 17);
        for (const char* key : {"bytes", "chunks", "xxh3_128", "digest_over", "name"})
            EXPECT_EQ(sent.at(key), received.at(key)) << key;
        EXPECT_EQ(received.at("digest_over"), over);
        EXPECT_EQ(received.at("outcome"), "verified");
        EXPECT_EQ(json_event(writer.output(), "end").at("readers_served"), 1);
    }
}

// ---- names -------------------------------------------------------------------------------------

TEST_F(Transfer, NameWithSpacesOrForeignLettersIsKept) {
    // UTF-8: "gruesse" with umlauts, and three Japanese characters.
    for (const std::string name : {"two words.bin",
                                   "gr\xc3\xbc\xc3\x9f"
                                   "e.bin",
                                   "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"}) {
        const std::string source = make_source(10'000, name);
        ChildProcess writer = start_writer(Words{source});
        ChildProcess reader = start_reader(Launch{.folder = out_});
        ASSERT_TRUE(ended_with(0, reader));
        ASSERT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(source, folder_.file("out/" + name)));
    }
}

// The names that are refused everywhere, with those that only Windows refuses.
std::vector<std::string> refused_here(std::vector<std::string> everywhere,
                                      const std::vector<std::string>& by_windows) {
    if (file_name_rules() == FileNameRules::kWindows)
        everywhere.insert(everywhere.end(), by_windows.begin(), by_windows.end());
    return everywhere;
}

TEST_F(Transfer, HostileNameIsRefusedWithoutATarget) {
    for (const std::string& name : refused_here(
             {"two\nlines", "bell\x07", "\x1b[31mred", "not-utf-8-\xff"}, {"-rf", ".bashrc"})) {
        if (!can_name_a_file(name)) continue;
        const std::string source = make_source(1000, name);
        ChildProcess writer = start_writer(Words{source});
        ChildProcess reader = start_reader(Launch{.folder = out_});
        EXPECT_TRUE(ended_with(kExitCannotCreate, reader)) << name;
        EXPECT_TRUE(contains(reader.errors(), "--rename")) << reader.errors();
        EXPECT_TRUE(contains(reader.errors(), "-o")) << reader.errors();
        EXPECT_FALSE(contains(reader.errors(), "\x1b")) << "escapes reach the terminal";
        EXPECT_TRUE(ended_with(kExitPeerGone, writer));
        EXPECT_FALSE(contains(writer.errors(), "corrupt")) << writer.errors();
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
    }
}

// A program that writes into the section need not have a file of that name.
TEST_F(Transfer, HostileNameOfAnotherProgramIsRefused) {
    for (const std::string& name :
         refused_here({"two\nlines", "../up", "a/b", ".."}, {"a\\b", "C:x", "NUL", "tail."})) {
        auto writer = Writer::create({.address = section_.address()});
        ASSERT_TRUE(writer) << describe(writer.error());
        ChildProcess reader = start_reader(Launch{.folder = out_});
        ASSERT_TRUE(writer->wait_for_readers(1));
        ASSERT_TRUE(writer->begin({.name = name, .payload_bytes = 1})) << name;
        const Bytes byte(1);
        EXPECT_TRUE(writer->write(byte));
        EXPECT_TRUE(writer->end());
        // The number of payloads is unknown, so the reader waits for more.
        const auto closed = writer->close();
        EXPECT_TRUE(ended_with(kExitCannotCreate, reader)) << name;
        ASSERT_FALSE(closed) << name;
        EXPECT_EQ(closed.error().code, Code::kPeerGone);
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
    }
}

TEST_F(Transfer, HostileNameIsRefusedInAFolder) {
    const std::string name = can_name_a_file("two\nlines") ? "two\nlines" : ".profile";
    ChildProcess writer = start_writer(Words{make_source(1000, name)});
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"-o", out_})));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(Transfer, HostileNameIsFineUnderANameOfOurs) {
    const std::string name = can_name_a_file("two\nlines") ? "two\nlines" : ".profile";
    const std::string source = make_source(1000, name);
    ChildProcess writer = start_writer(Words{source});
    EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/one line")})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("out/one line")));
}

// ---- several payloads, texts, streams ----------------------------------------------------------

TEST_F(Transfer, SeveralFilesGoIntoAFolder) {
    Words sources;
    for (const std::uint64_t bytes : {0u, 1u, 300'000u, 4096u, 2'000'000u})
        sources.push_back(make_source(bytes, "file-" + std::to_string(bytes)));
    ChildProcess writer = start_writer(sources);
    ChildProcess reader = start_reader(Words{"--json", "-o", out_});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_EQ(json_lines(reader.output()).size(), sources.size());
    for (const std::string& source : sources)
        EXPECT_TRUE(
            same_content(source, out_ + "/" + std::filesystem::path(source).filename().string()));
    EXPECT_EQ(ScratchFolder::names_in(out_).size(), sources.size());
}

// The first 16 files stay open after the writer has first examined them; the others are opened
// again.
TEST_F(Transfer, FilesThatStayOpenAndFilesThatAreOpenedAgainArriveWithTheirShapes) {
    constexpr std::uint32_t kFiles = 20;
    Words sources;
    for (std::uint32_t i = 1; i <= kFiles; ++i) {
        sources.push_back(folder_.file(std::to_string(i) + ".pgm"));
        std::ofstream(sources.back(), std::ios::binary) << "P5 " << i << " 1 255\n"
                                                        << std::string(i, 'x');
    }
    ChildProcess writer = start_writer(sources);
    ChildProcess reader = start_reader(Words{"--json", "-o", out_});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    const auto lines = json_lines(reader.output());
    ASSERT_EQ(lines.size(), kFiles);
    for (std::uint32_t i = 1; i <= kFiles; ++i) {
        EXPECT_EQ(lines[i - 1]["image"]["width"], i);
        EXPECT_TRUE(same_content(sources[i - 1], out_ + "/" + std::to_string(i) + ".pgm"));
    }
}

TEST_F(Transfer, SeveralFilesDoNotFitOnePath) {
    const Words sources = {make_source(10, "a"), make_source(10, "b")};
    ChildProcess writer = start_writer(sources);
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"-o", folder_.file("out/one")})));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(Transfer, SeveralFilesFollowEachOtherOnStandardOutput) {
    const Words sources = {make_source(100'000, "a"), make_source(5, "b")};
    ChildProcess writer = start_writer(sources);
    const Ended reader = run_reader({"-o", "-"});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(reader.output == read_text(sources[0]) + read_text(sources[1]));
}

TEST_F(Transfer, TextArrivesOnStandardOutput) {
    const std::string text = "gr\xc3\xbc\xc3\x9f dich,\ttab and \"quotes\"";
    ChildProcess writer = start_writer(Words{"--text", text});
    const Ended reader = run_reader({});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_EQ(reader.output, text);
}

TEST_F(Transfer, EmptyTextArrives) {
    ChildProcess writer = start_writer(Words{"--text", ""});
    const Ended reader = run_reader({"-o", folder_.file("out/text")});
    ASSERT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_EQ(read_text(folder_.file("out/text")), "");
}

TEST_F(Transfer, StreamOfUnknownLengthArrives) {
    const Bytes bytes = random_bytes(3 * kMiB + 5);
    for (const Words& options : {Words{"-"}, Words{"--slot-size", "8KiB", "--slots", "3", "-"}}) {
        ChildProcess writer = start_writer({.arguments = options, .input = pipe_stream()});
        ChildProcess reader =
            start_reader(Words{"--json", "--force", "-o", folder_.file("out/target")});
        EXPECT_TRUE(writer.write_input(bytes));
        writer.close_input();
        ASSERT_TRUE(ended_with(0, reader));
        ASSERT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(read_file(folder_.file("out/target")) == bytes);
        EXPECT_EQ(json_event(reader.output(), "payload").at("name"), "");
    }
}

TEST_F(Transfer, EmptyStreamArrives) {
    ChildProcess writer = start_writer(Words{"-"});
    ASSERT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/target")})));
    ASSERT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(read_file(folder_.file("out/target")).empty());
}

TEST_F(Transfer, BytesOfASilentStreamAreHandedOverAtOnce) {
    ChildProcess writer = start_writer({.arguments = {"-"}, .input = pipe_stream()});
    ChildProcess reader = start_reader({.arguments = {"-o", "-"}, .output = pipe_stream()});
    for (const std::string word : {"one", "two", "three"}) {
        ASSERT_TRUE(writer.write_input(word));
        Bytes got(word.size());
        for (std::size_t have = 0; have < got.size();) {
            const std::size_t more = reader.read_output(std::span(got).subspan(have));
            ASSERT_NE(more, 0u);
            have += more;
        }
        EXPECT_EQ(got, bytes_of(word));
    }
    writer.close_input();
    EXPECT_EQ(reader.read_all_output(), "");
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Transfer, RegularFileOnStandardInputKeepsItsSize) {
    const std::string source = make_source(500'000);
    ChildProcess writer =
        start_writer({.arguments = {"--keep", "-"}, .input = file_stream(source)});
    ASSERT_TRUE(has_kept(writer));
    const auto kept = report();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->payloads.at(0).info.payload_bytes, 500'000u);
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "-o", folder_.file("out/target")})));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

// ---- where, when and how -----------------------------------------------------------------------

TEST_F(Transfer, BackingFileCarriesIt) {
    const std::string backing = folder_.file("section.map");
    expect_round_trip(make_source(2 * kMiB + 3), {"--backing", backing}, {"--backing", backing});
    EXPECT_FALSE(std::filesystem::exists(backing));
}

TEST_F(Transfer, BackingFileInMissingFolderIsAnError) {
    const std::string source = make_source(10);
    EXPECT_TRUE(ended_with(kExitCannotCreate,
                           run_writer({"--backing", folder_.file("no/section"), source})));
}

TEST_F(Transfer, ReaderMayComeFirst) {
    const std::string source = make_source(100'000);
    ChildProcess reader = start_reader(Words{"-o", folder_.file("out/target")});
    EXPECT_TRUE(reader.is_running());
    ChildProcess writer = start_writer(Words{source});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(Transfer, WriterMayComeFirst) {
    const std::string source = make_source(100'000);
    ChildProcess writer = start_writer(Words{source});
    ASSERT_TRUE(eventually_reports(
        [](const SectionReport& now) { return now.state == SectionState::kNew; }));
    EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/target")})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(Transfer, PreserveTakesTimeAndPermissionBits) {
    constexpr std::int64_t kBefore1970 = -123'456'789'000'000'001;
    const std::string source = make_source(1000);
    const std::string target = folder_.file("out/target");
    for (const std::int64_t time : {kBefore1970, std::int64_t{1'600'000'000'123'456'789}}) {
        set_mtime_unix_ns(source, time);
        set_permission_bits(source, 0640);
        expect_round_trip(source, {}, {"--preserve"});
        EXPECT_EQ(mtime_unix_ns(target), kept_unix_ns(time));
        EXPECT_EQ(permission_bits(target), has_permission_bits() ? 0640u : 0u);
    }
    std::filesystem::remove(target);
    expect_round_trip(source);
    EXPECT_NE(mtime_unix_ns(target), mtime_unix_ns(source));
}

}  // namespace
}  // namespace mapferry::testing
