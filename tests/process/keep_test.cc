// SPDX-License-Identifier: Apache-2.0
// Kept payloads: late readers, many readers, followers, consumers.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "platform/clock.h"
#include "platform/space.h"
#include "process/programs.h"
#include "support/host.h"
#include "support/sanitizer.h"
#include "support/soak_time.h"

namespace mapferry::testing {

using namespace std::chrono_literals;
namespace {

class Keep : public ProgramTest {
  protected:
    void TearDown() override { section_.remove(); }

    [[nodiscard]] std::string target(int reader) const {
        return folder_.file("out/target-" + std::to_string(reader));
    }
};

TEST_F(Keep, StaysWhenItsWriterIsDone) {
    const std::string source = make_source(3 * kMiB + 1);
    ASSERT_TRUE(keep({source}));
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(ended_with(0, run_reader({"--timeout", "0", "-o", target(i)})));
        EXPECT_TRUE(same_content(source, target(i)));
    }
    EXPECT_TRUE(section_.exists());
}

TEST_F(Keep, NothingKeptIsFoundWithoutWaiting) {
    EXPECT_TRUE(ended_with(kExitNoInput, run_reader({"--timeout", "0", "--null"})));
}

TEST_F(Keep, SixteenReadersAtOnce) {
    const std::string source = make_source(10 * kMiB + 3);
    ASSERT_TRUE(keep({source}));
    std::vector<ChildProcess> readers =
        start_many(16, [&](int i) { return start_reader(Words{"-o", target(i)}); });
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    for (int i = 0; i < 16; ++i)
        EXPECT_TRUE(same_content(source, target(i)));
}

TEST_F(Keep, InABackingFileStays) {
    const std::string source = make_source(kMiB);
    const std::string backing = folder_.file("section.map");
    ASSERT_TRUE(keep({"--backing", backing, source}));
    EXPECT_FALSE(section_.exists());
    ASSERT_TRUE(ended_with(0, run_reader({"--backing", backing, "-o", target(0)})));
    EXPECT_TRUE(same_content(source, target(0)));
    EXPECT_TRUE(ended_with(0, run_tool({"verify", "--backing", backing})));
    ASSERT_TRUE(ended_with(0, run_reader({"--backing", backing, "--consume", "--null"})));
    EXPECT_FALSE(std::filesystem::exists(backing));
}

TEST_F(Keep, ManyPayloadsStayTogether) {
    Words sources;
    for (std::uint64_t i = 0; i < 50; ++i)
        sources.push_back(make_source(i * 1001, "file-" + std::to_string(i)));
    ASSERT_TRUE(keep(sources));
    const auto kept = report();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->payloads.size(), 50u);
    EXPECT_TRUE(std::ranges::all_of(kept->payloads, [](const PayloadReport& payload) {
        return payload.state == PayloadState::kWhole;
    }));
    ASSERT_TRUE(ended_with(0, run_reader({"-o", out_})));
    for (const std::string& source : sources)
        EXPECT_TRUE(
            same_content(source, out_ + "/" + std::filesystem::path(source).filename().string()));
    EXPECT_EQ(ScratchFolder::names_in(out_).size(), sources.size());
}

// ---- sources of unknown length, followers ------------------------------------------------------

TEST_F(Keep, StreamOfUnknownLengthIsKept) {
    const Bytes bytes = random_bytes(9 * kMiB + 11);
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(bytes));
    writer.close_input();
    ASSERT_TRUE(has_kept(writer));
    ASSERT_TRUE(ended_with(0, run_reader({"-o", target(0)})));
    EXPECT_TRUE(read_file(target(0)) == bytes);
    const auto kept = report();
    ASSERT_TRUE(kept);
    if (can_count_reserved_memory()) {
        EXPECT_LT(kept->used_bytes, 32 * kMiB) << "what is not filled is not reserved";
    }
}

TEST_F(Keep, StreamOfUnknownLengthIsKeptInAFileOnAnyDisk) {
    const Bytes bytes = random_bytes(kMiB + 11);
    const std::string backing = folder_.file("section.map");
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--keep", "--backing", backing, "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(bytes));
    writer.close_input();
    ASSERT_TRUE(ended_with(0, writer));
    ASSERT_TRUE(ended_with(0, run_reader({"--backing", backing, "-o", target(0)})));
    EXPECT_TRUE(read_file(target(0)) == bytes);
}

// Claims a pebibyte of free space: no file and no mapping can be that large.
TEST_F(Keep, OfUnknownLengthIsAsLargeAsCanBeMapped) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer can't follow mappings of terabytes";
    const Bytes bytes = random_bytes(kMiB + 11);
    const SectionAddress address{.name = section_.name(),
                                 .backing_path = folder_.file("section.map")};
    {
        auto writer = Writer::create(
            {.address = address,
             .delivery = StreamDelivery::kKeep,
             .workload = {.unknown_count = 1, .space_bytes = std::uint64_t{1} << 50}});
        ASSERT_TRUE(writer) << writer.error().message;
        EXPECT_GT(writer->section_info().section_bytes, 100 * kMiB);
        ASSERT_TRUE(writer->begin({}));
        ASSERT_TRUE(writer->write(bytes));
        ASSERT_TRUE(writer->end());
        ASSERT_TRUE(writer->close());
    }
    ASSERT_TRUE(ended_with(0, run_reader({"--backing", address.backing_path, "-o", target(0)})));
    EXPECT_TRUE(read_file(target(0)) == bytes);
}

TEST_F(Keep, EmptyStreamIsKept) {
    ASSERT_TRUE(keep({"-"}));
    ASSERT_TRUE(ended_with(0, run_reader({"-o", target(0)})));
    EXPECT_TRUE(read_file(target(0)).empty());
}

TEST_F(Keep, FollowingReadersGetItWhileItIsWritten) {
    const Bytes bytes = random_bytes(64 * kKiB + 100);
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--keep", "--slot-size", "4KiB", "-"}, .input = pipe_stream()});
    std::vector<ChildProcess> followers = start_many(3, [&](int) {
        return start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    });
    ASSERT_TRUE(writer.write_input(std::span(bytes).first(8 * kKiB)));
    std::vector<Bytes> got(followers.size());
    for (std::size_t i = 0; i < followers.size(); ++i) {
        Bytes piece(kKiB);
        while (got[i].size() < 8 * kKiB) {  // while the writer waits for more
            const std::size_t count = followers[i].read_output(piece);
            ASSERT_NE(count, 0u) << followers[i].errors();
            got[i].insert(got[i].end(), piece.begin(),
                          piece.begin() + static_cast<std::ptrdiff_t>(count));
        }
    }
    EXPECT_TRUE(writer.is_running());
    ASSERT_TRUE(writer.write_input(std::span(bytes).subspan(8 * kKiB)));
    writer.close_input();
    ASSERT_TRUE(has_kept(writer));
    for (std::size_t i = 0; i < followers.size(); ++i) {
        const Bytes rest = bytes_of(followers[i].read_all_output());
        EXPECT_TRUE(ended_with(0, followers[i]));
        got[i].insert(got[i].end(), rest.begin(), rest.end());
        EXPECT_TRUE(got[i] == bytes);
    }
}

TEST_F(Keep, UnfinishedIsShownAsSuch) {
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--keep", "--slot-size", "4KiB", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(writer.write_input(random_bytes(10'000)));
    ASSERT_TRUE(eventually_holds(8192));
    const auto info = json_lines(run_tool({"info", section_.name(), "--json"}).output).at(0);
    EXPECT_EQ(info.at("condition"), "filling");
    EXPECT_EQ(info.at("writer_alive"), true);
    EXPECT_EQ(info.at("payloads").at(0).at("state"), "unfinished");
    EXPECT_EQ(info.at("payloads").at(0).at("present_bytes"), 8192);
    EXPECT_TRUE(ended_with(kExitTimedOut, run_tool({"verify", section_.name()})));
    EXPECT_TRUE(ended_with(kExitTimedOut, run_tool({"rm", section_.name()})));
    writer.close_input();
    EXPECT_TRUE(has_kept(writer));
    EXPECT_TRUE(ended_with(0, run_tool({"verify", section_.name()})));
}

TEST_F(Keep, WriterThatNobodyComesForEndsWithItsTimeout) {
    if (sections_outlive_processes()) {
        ASSERT_TRUE(ended_with(0, run_writer({"--keep", "--timeout", "1s", "--text", "x"})));
        EXPECT_TRUE(section_.exists()) << "the time is not the section's";
        return;
    }
    const std::int64_t began_ns = platform::monotonic_ns();
    ASSERT_TRUE(ended_with(0, run_writer({"--keep", "--timeout", "1s", "--text", "x"})));
    EXPECT_GE(platform::monotonic_ns() - began_ns, 700'000'000);
    EXPECT_FALSE(section_.exists());
}

// ---- consuming ---------------------------------------------------------------------------------

TEST_F(Keep, ExactlyOneOfManyConsumersSucceeds) {
    const std::string source = make_source(5 * kMiB);
    for (RoundsOfProcesses rounds(10); rounds.next();) {
        ASSERT_TRUE(keep({source}));
        std::vector<ChildProcess> consumers = start_many(8, [&](int i) {
            return start_reader(Words{"--consume", "--force", "--timeout",
                                      i % 2 == 0 ? "0" : "200ms", "-o", target(i)});
        });
        int successes = 0;
        for (int i = 0; i < 8; ++i) {
            const Exit exit = consumers[static_cast<std::size_t>(i)].wait();
            if (exit != exited(0)) {
                EXPECT_TRUE(exit == exited(kExitTimedOut) || exit == exited(kExitNoInput)) << exit;
                continue;
            }
            ++successes;
            EXPECT_TRUE(same_content(source, target(i)));
            std::filesystem::remove(target(i));
        }
        EXPECT_EQ(successes, 1);
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        EXPECT_FALSE(section_.exists());
    }
}

TEST_F(Keep, KilledConsumerLeavesItToTheNext) {
    const std::string source = make_source(16 * kMiB);
    ASSERT_TRUE(keep({source}));
    ChildProcess first =
        start_reader(Launch{.arguments = {"--consume", "-o", "-"}, .output = pipe_stream()});
    Bytes piece(1000);
    ASSERT_NE(first.read_output(piece), 0u);  // the reader is in the middle: the pipe holds less
                                              // than the payload
    const Ended busy = run_reader({"--consume", "--timeout", "0", "-o", target(1)});
    EXPECT_TRUE(ended_with(kExitTimedOut, busy));
    EXPECT_TRUE(ended_with(0, run_reader({"--timeout", "0", "--null"}))) << "reading is free";
    first.send(Signal::kKill);
    (void)first.wait();
    ASSERT_TRUE(ended_with(0, run_reader({"--consume", "-o", target(2)})));
    EXPECT_TRUE(same_content(source, target(2)));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Keep, ConsumerThatCannotStoreItLeavesIt) {
    ASSERT_TRUE(keep({make_source(1000)}));
    write_file(target(0), std::string("in the way"));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_reader({"--consume", "-o", target(0)})));
    EXPECT_TRUE(section_.exists());
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "-o", target(1)})));
    EXPECT_FALSE(section_.exists());
}

[[nodiscard]] bool take_one(Reader& reader) {
    if (!reader.next()) return false;
    while (!reader.summary())
        if (!reader.read()) return false;
    return reader.acknowledge().has_value();
}

// Uses the library alone: a consumer that closes before the end.
TEST_F(Keep, ConsumerThatLeavesEarlyLeavesEverything) {
    ASSERT_TRUE(keep({"--text", "one", "two"}));
    const ReaderOptions options{
        .address = section_.address(), .timeout = 0ms, .consume = Consume::kRemoveWhenDone};
    for (const int taken : {0, 1}) {
        auto early = Reader::open(options);
        ASSERT_TRUE(early) << describe(early.error());
        for (int i = 0; i < taken; ++i)
            ASSERT_TRUE(take_one(*early));
        const auto closed = early->close();
        ASSERT_FALSE(closed) << taken;
        EXPECT_EQ(closed.error().code, Code::kUsage);
        ASSERT_TRUE(report()) << taken;
    }
    auto patient = Reader::open(options);
    ASSERT_TRUE(patient) << "the consumer before has given its role back";
    ASSERT_TRUE(take_one(*patient));
    ASSERT_TRUE(take_one(*patient));
    EXPECT_TRUE(patient->close()) << "it has taken all, and need not ask for more";
    EXPECT_FALSE(report());
}

// ---- two payloads of one name ------------------------------------------------------------------

class TwoOfOneName : public Keep, public ::testing::WithParamInterface<const char*> {
  protected:
    [[nodiscard]] std::string source(const std::string& folder, const std::string& bytes) const {
        std::filesystem::create_directory(folder_.file(folder));
        const std::string path = folder_.file(folder + "/photo");
        write_file(path, bytes);
        return path;
    }
};

TEST_P(TwoOfOneName, SecondNeverOverwritesTheFirst) {
    ASSERT_TRUE(keep({source("a", "first"), source("b", "second")}));
    write_file(folder_.file("out/photo"), std::string("old"));
    const Ended ended = run_reader({"--consume", GetParam(), "-o", folder_.file("out")});
    EXPECT_TRUE(ended_with(kExitCannotCreate, ended));
    EXPECT_TRUE(contains(ended.errors, "same file")) << ended.errors;
    EXPECT_EQ(read_text(folder_.file("out/photo")), "first");
    EXPECT_TRUE(report()) << "and nothing is lost";
}

INSTANTIATE_TEST_SUITE_P(Each, TwoOfOneName, ::testing::Values("--force", "--in-place"),
                         [](const auto& each) {
                             return std::string(each.param) == "--force" ? "Force" : "InPlace";
                         });

TEST_F(Keep, ReaderInTheMiddleSurvivesRemoval) {
    const std::string source = make_source(16 * kMiB);
    ASSERT_TRUE(keep({source}));
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    Bytes piece(1);
    ASSERT_EQ(reader.read_output(piece), 1u);
    EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
    EXPECT_FALSE(section_.exists());
    const std::string rest = reader.read_all_output();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(static_cast<char>(piece[0]) + rest == read_text(source));
}

}  // namespace
}  // namespace mapferry::testing
