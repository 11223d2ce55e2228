// SPDX-License-Identifier: Apache-2.0
// Slow, silent or stopped is not dead: the other side waits for a process that lives, as with a
// pipe.
#include "platform/clock.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

// A stream of 24 MiB whose reader was stopped after the first byte.
struct Stalled {
    ChildProcess reader;
    ChildProcess writer;
};

class SlowReader : public ProgramTest {
  protected:
    Stalled stall(Words options) const {
        options.push_back(make_source(24 * kMiB));
        ChildProcess reader =
            start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
        ChildProcess writer = start_writer(std::move(options));
        Bytes first(1);
        EXPECT_EQ(reader.read_output(first), 1u);
        reader.send(Signal::kStop);
        return {std::move(reader), std::move(writer)};
    }
};

// More than the programs' timeout passes without a byte: time itself is the subject of each call.
void pause_ms(std::int64_t milliseconds) {
    platform::sleep_us(milliseconds * 1000);  // time itself
}

TEST_F(SlowReader, BehindAFullPipeFailsNeitherItselfNorTheFastOne) {
    const std::string source = make_source(24 * kMiB);
    ChildProcess slow = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    ChildProcess quick = start_reader(Words{"--timeout", "2s", "-o", folder_.file("out/target")});
    ChildProcess writer = start_writer(Words{"--readers", "2", "--timeout", "2s", source});
    std::string got;
    Bytes piece(kMiB);
    while (got.size() < 2 * kMiB) {
        const std::size_t count = slow.read_output(piece);
        ASSERT_NE(count, 0u) << slow.errors() << writer.errors();
        got.append(reinterpret_cast<const char*>(piece.data()), count);
    }
    pause_ms(4000);  // time itself
    EXPECT_TRUE(writer.is_running());
    got += slow.read_all_output();
    EXPECT_TRUE(ended_with(0, slow));
    EXPECT_TRUE(ended_with(0, quick));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(got == read_text(source));
    EXPECT_TRUE(same_content(source, folder_.file("out/target")));
}

TEST_F(SlowReader, OutlivesAStopOfItsWriter) {
    const std::string source = make_source(24 * kMiB);
    ChildProcess slow = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(Words{"--timeout", "2s", source});
    Bytes first(1);
    ASSERT_EQ(slow.read_output(first), 1u);
    pause_ms(500);  // time itself: the ring fills, the writer waits for the reader
    writer.send(Signal::kStop);
    pause_ms(3500);  // time itself
    writer.send(Signal::kContinue);
    pause_ms(500);  // time itself
    EXPECT_EQ(slow.read_all_output().size(), 24 * kMiB - 1);
    EXPECT_TRUE(ended_with(0, slow));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(SlowReader, OfASilentWriterWaits) {
    ChildProcess writer = start_writer(Launch{.arguments = {"-"}, .input = pipe_stream()});
    ChildProcess reader = start_reader(Words{"--timeout", "2s", "-o", "-"});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("before "));
    pause_ms(4000);  // time itself
    EXPECT_TRUE(reader.is_running());
    ASSERT_TRUE(writer.write_input("after"));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(reader.output(), "before after");
}

TEST_F(SlowReader, OfASilentKeepingWriterWaits) {
    ChildProcess writer =
        start_writer(Launch{.arguments = {"--keep", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(
        eventually_reports([](const SectionReport& now) { return now.payloads_begun == 1; }));
    ChildProcess reader = start_reader(Words{"--timeout", "2s", "-o", "-"});
    ASSERT_TRUE(writer.write_input("before "));
    pause_ms(4000);  // time itself
    EXPECT_TRUE(reader.is_running());
    ASSERT_TRUE(writer.write_input("after"));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(has_kept(writer));
    EXPECT_EQ(reader.output(), "before after");
    section_.remove();
}

TEST_F(SlowReader, OfAWriterThatWaitsForOthersWaits) {
    ChildProcess writer = start_writer(Words{"--readers", "2", "--text", "x"});
    ChildProcess first = start_reader(Words{"--timeout", "2s"});
    ASSERT_TRUE(eventually_has_readers(1));
    pause_ms(4000);  // time itself
    EXPECT_TRUE(first.is_running()) << first.errors();
    ChildProcess second = start_reader(Words{});
    EXPECT_TRUE(ended_with(0, first));
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(SlowReader, StoppedOneHoldsAStreamUpUntilItGoesOn) {
    Stalled stream = stall({"--timeout", "1s"});
    pause_ms(3000);  // time itself
    EXPECT_TRUE(stream.writer.is_running()) << stream.writer.errors();
    stream.reader.send(Signal::kContinue);
    EXPECT_EQ(stream.reader.read_all_output().size(), 24 * kMiB - 1);
    EXPECT_TRUE(ended_with(0, stream.reader));
    EXPECT_TRUE(ended_with(0, stream.writer));
}

TEST_F(SlowReader, StoppedOneThatIsKilledLetsTheStreamGoOn) {
    ChildProcess other = start_reader(Words{"--null"});
    Stalled stream = stall({"--readers", "2"});
    stream.reader.send(Signal::kKill);
    EXPECT_TRUE(ended_with(0, other));
    EXPECT_TRUE(ended_with(kExitPeerGone, stream.writer));
}

TEST_F(SlowReader, OfAStoppedWriterWaits) {
    const std::string source = make_source(24 * kMiB);
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--timeout", "1s", "-o", "-"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(Words{source});
    Bytes first(1);
    ASSERT_EQ(reader.read_output(first), 1u);
    writer.send(Signal::kStop);
    pause_ms(3000);  // time itself
    writer.send(Signal::kContinue);
    EXPECT_EQ(reader.read_all_output().size(), 24 * kMiB - 1);
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(SlowReader, StoppedBeforeAShortEndIsGivenUpAfterTheStallTimeout) {
    // The writer does not wait for this reader until it needs its acknowledgement at the payload's
    // end. What the reader still finds in the ring when it continues is whole or refused, never
    // half.
    std::vector<ChildProcess> readers = start_many(2, [&](int) {
        return start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    });
    ChildProcess writer = start_writer(Launch{
        .arguments = {"--readers", "2", "--stall-timeout", "3s", "-"}, .input = pipe_stream()});
    ASSERT_TRUE(eventually_admits_readers(2));
    ASSERT_TRUE(writer.write_input("x"));
    Bytes first(1);
    for (ChildProcess& reader : readers)
        ASSERT_EQ(reader.read_output(first), 1u);
    readers[0].send(Signal::kStop);
    ASSERT_TRUE(writer.write_input("yz"));
    writer.close_input();
    EXPECT_EQ(readers[1].read_all_output(), "yz");
    EXPECT_TRUE(ended_with(0, readers[1]));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    readers[0].send(Signal::kContinue);
    const std::string rest = readers[0].read_all_output();
    if (readers[0].wait() == exited(0)) {
        EXPECT_EQ(rest, "yz");
    } else {
        EXPECT_TRUE(ended_with(kExitTimedOut, readers[0]));
    }
}

// Its writer has nobody left and gives up too. The reader reports why it was left, not that.
TEST_F(SlowReader, StoppedAloneLearnsThatItWasGivenUp) {
    Stalled stream = stall({"--stall-timeout", "1s"});
    EXPECT_TRUE(ended_with(kExitPeerGone, stream.writer));
    stream.reader.send(Signal::kContinue);
    (void)stream.reader.read_all_output();
    EXPECT_TRUE(ended_with(kExitTimedOut, stream.reader));
    EXPECT_TRUE(contains(stream.reader.errors(), "gave this reader up")) << stream.reader.errors();
}

TEST_F(SlowReader, StoppedBeforeItsAdmissionLearnsThatItWasGivenUp) {
    ChildProcess writer = start_writer(Words{"--stall-timeout", "3s", "--text", "x"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    writer.send(Signal::kStop);  // until the reader has asked for its place, and is stopped too
    ChildProcess reader = start_reader(Words{});
    ASSERT_TRUE(eventually_has_readers(1));
    reader.send(Signal::kStop);
    writer.send(Signal::kContinue);
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    reader.send(Signal::kContinue);
    EXPECT_TRUE(ended_with(kExitTimedOut, reader));
    EXPECT_FALSE(contains(reader.errors(), "late")) << "it was there in time: " << reader.errors();
    EXPECT_EQ(reader.output(), "");
}

}  // namespace
}  // namespace mapferry::testing
