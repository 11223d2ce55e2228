// SPDX-License-Identifier: Apache-2.0
// A file that is rewritten while it is sent does not arrive as if it were whole: the writer warns,
// both sides mark it, and with --strict-source no reader gets it.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "mapferry/frame_reader.h"
#include "mapferry/inspect.h"
#include "mapferry/reader.h"
#include "mapferry/send.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

constexpr const char* kMark = "changed while it was sent";

class ChangedSource : public ProgramTest {
  protected:
    // Overwrites bytes in the middle of the file, in place.
    static void rewrite(const std::string& path) {
        std::fstream file(path_of(path), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(path_of(path)) / 2));
        file << "rewritten";
        file.flush();
        ASSERT_TRUE(file.good());
    }

    [[nodiscard]] bool eventually_sends() const {
        return eventually_reports([](const SectionReport& now) { return now.payload_bytes != 0; });
    }

    // Sends `source` with the additional writer options `more`. Calls `change` when the writer has
    // read a part of it and the rest waits for a reader behind a full pipe.
    struct Run {
        Ended writer;
        Ended reader;
    };
    Run send_while(const std::string& source, const Words& more,
                   const std::function<void()>& change) const {
        Words arguments = more;
        arguments.push_back(source);
        Words reads = {"-o", "-"};
        if (std::ranges::count(more, "--json") != 0) reads.emplace_back("--json");
        ChildProcess reader = start_reader(Launch{.arguments = reads, .output = pipe_stream()});
        ChildProcess writer = start_writer(arguments);
        EXPECT_TRUE(eventually_sends());
        EXPECT_TRUE(writer.is_running()) << "the source is too small for this test";
        change();
        std::string received = reader.read_all_output();
        Run run{.writer = finish(std::move(writer)), .reader = finish(std::move(reader))};
        run.reader.output = std::move(received);
        return run;
    }
};

TEST_F(ChangedSource, IsWarnedOfAndMarkedOnBothSides) {
    const std::string source = make_source(24 * kMiB);
    const Run run = send_while(source, {}, [&] { rewrite(source); });
    EXPECT_TRUE(ended_with(0, run.writer));
    EXPECT_TRUE(ended_with(0, run.reader));
    EXPECT_TRUE(contains(run.writer.errors, "warning: source.bin changed")) << run.writer.errors;
    EXPECT_TRUE(contains(run.writer.errors, std::string("sent  (the source ") + kMark))
        << run.writer.errors;
    EXPECT_TRUE(contains(run.reader.errors, std::string("verified  (the source ") + kMark))
        << run.reader.errors;
}

TEST_F(ChangedSource, ReadByTwoThreadsIsMarked) {
    const std::string source = make_source(96 * kMiB);
    const Run run = send_while(source, {}, [&] { rewrite(source); });
    EXPECT_TRUE(ended_with(0, run.reader));
    EXPECT_TRUE(contains(run.reader.errors, kMark)) << run.reader.errors;
}

TEST_F(ChangedSource, IsMarkedInTheJsonOfBothSides) {
    const std::string source = make_source(24 * kMiB);
    const Run run = send_while(source, {"--json"}, [&] { rewrite(source); });
    EXPECT_EQ(json_event(run.writer.output, "payload")["source_changed"], true);
    EXPECT_EQ(json_event(run.reader.errors, "payload")["source_changed"], true);
    const Run calm = send_while(source, {"--json"}, [] {});
    EXPECT_EQ(json_event(calm.writer.output, "payload")["source_changed"], false);
    EXPECT_EQ(json_event(calm.reader.errors, "payload")["source_changed"], false);
}

TEST_F(ChangedSource, ThatGrowsIsMarked) {
    const std::string source = make_source(24 * kMiB);
    const Run run = send_while(source, {}, [&] {
        std::ofstream(path_of(source), std::ios::app | std::ios::binary) << "more";
    });
    EXPECT_TRUE(ended_with(0, run.writer));
    EXPECT_TRUE(contains(run.reader.errors, kMark)) << run.reader.errors;
    EXPECT_EQ(run.reader.output.size(), 24 * kMiB);
}

// The file's ctime reveals the change. Windows has no such time that a program could ask for.
TEST_F(ChangedSource, WhoseTimeIsPutBackIsMarked) {
    if (!has_permission_bits()) GTEST_SKIP() << "files have no time of the last change";
    const std::string source = make_source(24 * kMiB);
    const std::int64_t before = mtime_unix_ns(source);
    const Run run = send_while(source, {}, [&] {
        rewrite(source);
        set_mtime_unix_ns(source, before);
    });
    EXPECT_TRUE(contains(run.reader.errors, kMark)) << run.reader.errors;
}

TEST_F(ChangedSource, ReplacedUnderItsNameIsWholeAndNotMarked) {
    if (!has_permission_bits()) GTEST_SKIP() << "an open file is not replaced here";
    const std::string source = make_source(24 * kMiB);
    const std::string next = make_source(kMiB, "next.bin");
    const std::string original = read_text(source);
    const Run run =
        send_while(source, {}, [&] { std::filesystem::rename(path_of(next), path_of(source)); });
    EXPECT_TRUE(ended_with(0, run.writer));
    EXPECT_FALSE(contains(run.writer.errors, kMark)) << run.writer.errors;
    EXPECT_FALSE(contains(run.reader.errors, kMark)) << run.reader.errors;
    EXPECT_TRUE(run.reader.output == original);
}

TEST_F(ChangedSource, OnStandardInputIsMarked) {
    const std::string source = make_source(24 * kMiB);
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = file_stream(source)});
    ASSERT_TRUE(eventually_sends());
    rewrite(source);
    (void)reader.read_all_output();
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(contains(reader.errors(), kMark)) << reader.errors();
}

TEST_F(ChangedSource, StrictIsAnErrorAndReachesNobody) {
    const std::string source = make_source(24 * kMiB);
    const std::string target = folder_.file("out/target");
    ChildProcess other = start_reader(Words{"-o", target});
    const Run run =
        send_while(source, {"--strict-source", "--readers", "2"}, [&] { rewrite(source); });
    EXPECT_TRUE(ended_with(kExitCorrupt, run.writer));
    EXPECT_TRUE(contains(run.writer.errors, kMark)) << run.writer.errors;
    EXPECT_TRUE(ended_with(kExitPeerGone, run.reader));
    EXPECT_TRUE(ended_with(kExitPeerGone, other));
    EXPECT_TRUE(contains(other.errors(), kMark)) << other.errors();
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{});
    EXPECT_FALSE(section_.exists());
}

TEST_F(ChangedSource, StrictOneThatBecomesShorterIsTheSameError) {
    const std::string source = make_source(24 * kMiB);
    const Run run = send_while(source, {"--strict-source"},
                               [&] { std::filesystem::resize_file(path_of(source), 12 * kMiB); });
    EXPECT_TRUE(ended_with(kExitCorrupt, run.writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, run.reader));
}

// The mark stays in a kept payload after its writer has ended: for late readers, info and verify.
TEST_F(ChangedSource, OfAKeptPayloadIsMarkedForLateReaders) {
    const std::string path = make_source(3 * kMiB);
    set_mtime_unix_ns(path, 1'000'000'000'000'000'000);
    auto source = Source::open_file(path);
    ASSERT_TRUE(source);
    rewrite(path);
    const std::uint64_t bytes = 3 * kMiB;
    auto writer = Writer::create({.address = section_.address(),
                                  .delivery = StreamDelivery::kKeep,
                                  .workload = {.known_bytes = std::span(&bytes, 1)}});
    ASSERT_TRUE(writer) << describe(writer.error());
    const auto sent = send_payload(*writer, *source, {});
    ASSERT_TRUE(sent) << describe(sent.error());
    EXPECT_TRUE(sent->source_changed);
    ASSERT_TRUE(writer->close());
    const auto seen = report();
    ASSERT_TRUE(seen && seen->payloads.size() == 1 && seen->payloads[0].summary);
    EXPECT_TRUE(seen->payloads[0].summary->source_changed);
    const auto verified = verify_section(section_.address());
    ASSERT_TRUE(verified && verified->size() == 1);
    EXPECT_TRUE(verified->front().summary.source_changed);
    const Ended late = run_reader({"--consume", "-o", folder_.file("out/target")});
    EXPECT_TRUE(ended_with(0, late));
    EXPECT_TRUE(contains(late.errors, kMark)) << late.errors;
}

// A payload that travels as one message has no end record. A payload with a mark gets one.
TEST_F(ChangedSource, OfASmallNamelessPayloadIsMarked) {
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    ChildProcess reader = start_reader(Words{"-o", "-", "--json"});
    ASSERT_TRUE(writer->wait_for_readers(1));
    for (const PayloadSource how : {PayloadSource::kUnchanged, PayloadSource::kChanged}) {
        ASSERT_TRUE(writer->begin({.payload_bytes = 5}));
        ASSERT_TRUE(writer->write(bytes_of("hello")));
        const auto summary = writer->end(how);
        ASSERT_TRUE(summary) << describe(summary.error());
        EXPECT_EQ(summary->source_changed, how == PayloadSource::kChanged);
    }
    ASSERT_TRUE(writer->close());
    ASSERT_TRUE(ended_with(0, reader));
    const auto events = json_lines(reader.errors());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0]["source_changed"], false);
    EXPECT_EQ(events[1]["source_changed"], true);
}

// Video from a file: the frames before the change were already sent, so --strict-source ends the
// stream.
TEST_F(ChangedSource, OfABufferIsMarkedByItsWriter) {
    const std::string source = make_source(64 * kMiB);
    const std::jthread other([&](const std::stop_token& enough) {
        while (!enough.stop_requested())
            rewrite(source);
    });
    const Ended writer =
        run_tool({"send", "--buffer", section_.name(), "--backing", folder_.file("buffer.map"),
                  "--size", "64MiB", "--json", source});
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(json_event(writer.output, "buffer")["source_changed"], true);
}

TEST_F(ChangedSource, OfFramesIsWarnedOfAndWithStrictAnError) {
    const std::string source = make_source(64 * 4096);
    const Words video = {"--frames", "--lossless", "--slots", "2", "--image", "64x64:GRAY8"};
    // Sends the whole file, then a part of it.
    for (const auto& [strict, frames] : {std::pair{false, 64u}, {true, 64u}, {false, 32u}}) {
        Words arguments = video;
        arguments.insert(arguments.end(), {source, "--count", std::to_string(frames)});
        if (strict) arguments.emplace_back("--strict-source");
        ChildProcess writer = start_writer(arguments);
        auto reader = FrameReader::open({.address = section_.address()});
        ASSERT_TRUE(reader) << describe(reader.error());
        ASSERT_TRUE(reader->next(kWatchdog));  // the writer is two frames ahead at most
        rewrite(source);
        auto frame = reader->next(kWatchdog);
        while (frame && *frame && (*frame)->sequence() < frames - 1)
            frame = reader->next(kWatchdog);
        frame = Result<std::optional<Frame>>(std::nullopt);
        if (!strict) {
            ASSERT_TRUE(ended_with(0, writer));
        } else {
            ASSERT_TRUE(ended_with(kExitCorrupt, writer));
        }
        EXPECT_TRUE(contains(writer.errors(), "changed while it was")) << writer.errors();
    }
}

}  // namespace
}  // namespace mapferry::testing
