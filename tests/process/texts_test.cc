// SPDX-License-Identifier: Apache-2.0
// The classic small exchange: a reader that prints each text of one writer after another.
#include <chrono>
#include <thread>

#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class Texts : public ProgramTest {
  protected:
    [[nodiscard]] ChildProcess start_follower(Words more = {}) const {
        Words arguments = {"--text", "--follow"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return start_reader(arguments);
    }
    [[nodiscard]] static bool eventually_prints(const ChildProcess& reader,
                                                const std::string& text) {
        return eventually([&] { return contains(reader.output(), text); });
    }
};

TEST_F(Texts, OfManyWritersArriveWholeAndInOrder) {
    constexpr int kWriters = 20;
    ChildProcess reader = start_follower({"--count", std::to_string(3 * kWriters)});
    std::string expected;
    for (int i = 0; i < kWriters; ++i) {
        const std::string number = std::to_string(i);
        const Words texts = {number + " one", number + " tw\u00F6",
                             std::string(5000, 'x') + number};
        ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", texts[0], texts[1], texts[2]})));
        for (const std::string& text : texts)
            expected += text + "\n";
    }
    ASSERT_TRUE(ended_with(0, reader));
    EXPECT_EQ(reader.output(), expected);
}

TEST_F(Texts, ArePrintedBeforeTheWriterEnds) {
    ChildProcess reader = start_follower();
    ChildProcess second = start_reader(Words{"--quiet", "-o", "-"});
    // The writer waits for both readers, and then for the slower one.
    ChildProcess writer = start_writer(Words{"--readers", "2", "--quiet", "--text", "first"});
    EXPECT_TRUE(eventually_prints(reader, "first\n"));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_TRUE(reader.is_running()) << "it waits for the next writer";
    reader.send(Signal::kInterrupt);
    EXPECT_TRUE(ended_with(ended_by(Signal::kInterrupt), reader));
}

TEST_F(Texts, KilledWriterEndsNotTheFollowing) {
    ChildProcess reader = start_follower();
    // Two slots hold the first two texts; then the writer waits for a reader that takes none.
    ChildProcess writer = start_writer(
        Words{"--readers", "2", "--slots", "2", "--quiet", "--text", "long", "before", "never"});
    const auto idle = Reader::open({.address = section_.address()});
    ASSERT_TRUE(idle) << describe(idle.error());
    ASSERT_TRUE(eventually_prints(reader, "long\nbefore\n"));
    writer.send(Signal::kKill);
    (void)writer.wait();
    ASSERT_TRUE(
        eventually([&] { return contains(reader.errors(), "warning") || !reader.is_running(); }));
    ASSERT_TRUE(reader.is_running()) << reader.errors();
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", "after"})));
    EXPECT_TRUE(eventually_prints(reader, "after\n"));
    EXPECT_EQ(reader.output(), "long\nbefore\nafter\n");
    reader.send(Signal::kTerminate);
    (void)reader.wait();
}

TEST_F(Texts, TimeoutEndsTheFollowingOnlyWhenItIsGiven) {
    EXPECT_TRUE(
        ended_with(kExitTimedOut, run_reader({"--text", "--follow", "--timeout", "100ms"})));
}

TEST_F(Texts, PipeGetsThemRawAndJsonAsEvents) {
    const std::string text = "bell \a, color \x1b[31m, line\nend";
    ChildProcess raw = start_reader(Words{"--text"});
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", text})));
    ASSERT_TRUE(ended_with(0, raw));
    EXPECT_EQ(raw.output(), text + "\n");
    ChildProcess json = start_reader(Words{"--text", "--json"});
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", text, ""})));
    ASSERT_TRUE(ended_with(0, json));
    const auto events = json_lines(json.output());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0]["text"], text);
    EXPECT_EQ(events[0]["bytes"], text.size());
    EXPECT_EQ(events[1]["text"], "");
}

// ---- a text that was not printed was not delivered ---------------------------------------------

TEST_F(Texts, JsonThatCannotBePrintedLeavesTheKeptText) {
    if (full_device().empty()) GTEST_SKIP() << "no device here that is always full";
    ASSERT_TRUE(keep({"--text", "hello"}));
    EXPECT_TRUE(ended_with(
        kExitIo, finish(start_reader(Launch{.arguments = {"--text", "--json", "--consume"},
                                            .output = file_stream(full_device())}))));
    const Ended taken = run_reader({"--text", "--json", "--consume"});
    EXPECT_TRUE(ended_with(0, taken));
    EXPECT_EQ(json_event(taken.output, "text")["text"], "hello");
}

TEST_F(Texts, FollowerWhoseJsonNobodyReadsAnyMoreSwallowsNone) {
    ChildProcess reader = start_reader(
        Launch{.arguments = {"--text", "--follow", "--json"}, .output = pipe_stream()});
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", "first"})));
    std::vector<std::byte> line(1000);
    ASSERT_NE(reader.read_output(line), 0u);
    reader.close_output();
    EXPECT_TRUE(ended_with(kExitPeerGone, run_writer({"--quiet", "--text", "second"})));
    EXPECT_TRUE(ended_with(kExitIo, reader));
}

TEST_F(Texts, SlowJsonPipeCostsNoText) {
    // Windows: a command line has at most 32,767 characters.
    if (!sections_outlive_processes()) GTEST_SKIP() << "no command line here is long enough";
    const std::string text(100'000, 'x');
    constexpr int kTexts = 15;  // more than a pipe holds
    Words sending{"--quiet", "--timeout", "500ms", "--text"};
    sending.insert(sending.end(), kTexts, text);
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--text", "--json"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(sending);
    ASSERT_TRUE(eventually_reports(
        [&](const SectionReport& now) { return now.payload_bytes >= 10 * text.size(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // time itself: the timeout must
                                                                   // pass
    const std::string lines = reader.read_all_output();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(json_lines(lines).size(), static_cast<std::size_t>(kTexts));
}

// ---- the text of one writer does not disturb the others ----------------------------------------

TEST_F(Texts, TooLongOneEndsNotTheFollowing) {
    ChildProcess reader = start_follower();
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    ASSERT_TRUE(writer->wait_for_readers(1));
    const std::uint64_t size = 65 * kMiB;
    ASSERT_TRUE(writer->begin({.is_text = true, .payload_bytes = size}));
    const std::vector<std::byte> block(kMiB, std::byte{'x'});
    Result<void> written;
    for (std::uint64_t sent = 0; written && sent < size; sent += block.size())
        written = writer->write(block);
    if (written)
        if (auto ended = writer->end(); !ended) written = std::unexpected(ended.error());
    if (written)
        if (auto closed = writer->close(); !closed) written = std::unexpected(closed.error());
    ASSERT_FALSE(written) << "the text was not printed, and its writer is told so";
    EXPECT_EQ(written.error().code, Code::kPeerGone);
    writer->abort(Code::kPeerGone);
    ASSERT_TRUE(ended_with(0, run_writer({"--quiet", "--text", "after"})));
    EXPECT_TRUE(eventually_prints(reader, "after\n"));
    EXPECT_EQ(reader.output(), "after\n");
    EXPECT_TRUE(contains(reader.errors(), "longer than")) << reader.errors();
    reader.send(Signal::kInterrupt);
    (void)reader.wait();
}

// ---- readers that take only some of the kept payloads ------------------------------------------

TEST_F(Texts, ConsumerOfOnlySomeLeavesAllOfThem) {
    ASSERT_TRUE(keep({"--text", "one", "two", "three"}));
    const Ended some = run_reader({"--text", "--consume", "--count", "1"});
    EXPECT_TRUE(ended_with(kExitUsage, some));
    EXPECT_TRUE(contains(some.errors, "not taken")) << some.errors;
    const Ended all = run_reader({"--text", "--consume", "--count", "3"});
    EXPECT_TRUE(ended_with(0, all));
    EXPECT_EQ(all.output, "one\ntwo\nthree\n");
    EXPECT_TRUE(ended_with(kExitNoInput, run_reader({"--text", "--timeout", "0"})));
}

}  // namespace
}  // namespace mapferry::testing
