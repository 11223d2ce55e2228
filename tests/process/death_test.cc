// SPDX-License-Identifier: Apache-2.0
// A process dies or is stopped, at any moment: the others notice it in time, nothing incomplete
// remains, and the next run needs no cleaning.
#include "platform/clock.h"
#include "process/programs.h"
#include "support/host.h"

namespace mapferry::testing {
namespace {

class Death : public ProgramTest {
  protected:
    // The test feeds this writer, so that the moment of its death is certain.
    [[nodiscard]] ChildProcess start_fed_writer(Words options = {}) const {
        options.push_back("-");
        return start_writer(Launch{.arguments = std::move(options), .input = pipe_stream()});
    }
    [[nodiscard]] ChildProcess start_receiver() const {
        return start_reader(Words{"-o", target()});
    }
    [[nodiscard]] std::string target() const { return folder_.file("out/target"); }

    void expect_nothing_left() const {
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        EXPECT_FALSE(section_.exists());
    }

    // The next run on the same name needs no cleaning by hand.
    void expect_next_run_works() const {
        EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
        const std::string source = make_source(300'000, "next.bin");
        ChildProcess writer = start_writer(Words{source});
        EXPECT_TRUE(ended_with(0, run_reader({"-o", folder_.file("out/next.bin")})));
        EXPECT_TRUE(ended_with(0, writer));
        EXPECT_TRUE(same_content(source, folder_.file("out/next.bin")));
        EXPECT_FALSE(section_.exists());
    }

    // The reader's default patience is 30 s; the lock must show the death much earlier.
    static void expect_soon(const std::function<void()>& wait) {
        const std::int64_t began_ns = platform::monotonic_ns();
        wait();
        EXPECT_LT(platform::monotonic_ns() - began_ns, 15'000'000'000);
    }

    // Kills the writer with one reader in its payload, after `bytes` were handed over.
    void kill_writer_after(std::size_t bytes, const Words& options = {}) const {
        ChildProcess writer = start_fed_writer(options);
        ChildProcess reader = start_receiver();
        ASSERT_TRUE(eventually_admits_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(bytes)));
        ASSERT_TRUE(eventually_holds(bytes));
        writer.send(Signal::kKill);
        expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, reader)); });
        EXPECT_TRUE(ended_with(ended_by(Signal::kKill), writer));
        expect_next_run_works();
    }

    // Ends the writer by a signal with one reader in its payload.
    void signal_writer(Signal signal) const {
        ChildProcess writer = start_fed_writer();
        ChildProcess reader = start_receiver();
        ASSERT_TRUE(eventually_admits_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(100'000)));
        ASSERT_TRUE(eventually_holds(100'000));
        writer.send(signal);
        expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, reader)); });
        EXPECT_TRUE(contains(reader.errors(), "gave up")) << reader.errors();
        EXPECT_TRUE(ended_with(ended_by(signal), writer));
        expect_nothing_left();
    }
};

// ---- the writer dies ---------------------------------------------------------------------------

TEST_F(Death, OfTheWriterBeforeReadersIsNoticedByTheReader) {
    ChildProcess writer = start_writer(Words{make_source(1000)});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    writer.send(Signal::kKill);
    EXPECT_TRUE(ended_with(ended_by(Signal::kKill), writer));
    // Where its section stays, the section shows the death; elsewhere no section remains.
    const bool stays = sections_outlive_processes();
    EXPECT_TRUE(ended_with(stays ? kExitPeerGone : kExitNoInput,
                           run_reader({"--timeout", "0", "-o", target()})));
    EXPECT_TRUE(ended_with(stays ? kExitPeerGone : kExitTimedOut,
                           run_reader({"--timeout", "300ms", "-o", target()})));
    expect_next_run_works();
}

TEST_F(Death, OfTheWriterBeforeTheHeader) {
    ChildProcess writer = start_fed_writer({"--readers", "2"});
    ChildProcess reader = start_receiver();
    ASSERT_TRUE(eventually_has_readers(1));
    writer.send(Signal::kKill);
    expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, reader)); });
    expect_next_run_works();
}

TEST_F(Death, OfTheWriterAtTheHeader) {
    kill_writer_after(0);
}

TEST_F(Death, OfTheWriterInTheMiddle) {
    kill_writer_after(3 * kMiB + 17);
}

TEST_F(Death, OfTheWriterInTheMiddleOfASmallRing) {
    kill_writer_after(100'000, {"--slots", "2", "--slot-size", "4KiB"});
}

TEST_F(Death, OfTheWriterBeforeTheEndOfAKnownSize) {
    // The source promises 8 MiB, which a ring of one slot can't hold. The test does not drain the
    // reader's output, so the reader keeps the writer waiting inside the payload.
    ChildProcess writer = start_writer(Words{"--slots", "1", make_source(8 * kMiB)});
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    Bytes piece(1);
    ASSERT_EQ(reader.read_output(piece), 1u);
    writer.send(Signal::kKill);
    EXPECT_TRUE(ended_with(ended_by(Signal::kKill), writer));
    const std::string got = reader.read_all_output();
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_LT(got.size(), 8 * kMiB);
    expect_next_run_works();
}

TEST_F(Death, OfTheWriterIsNoticedByALatecomerThatWaitsForTheNextPayload) {
    ChildProcess writer = start_fed_writer();
    ChildProcess early = start_reader(Words{"-o", "-"});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("half"));
    ASSERT_TRUE(eventually_holds(4));
    ChildProcess late = start_receiver();
    ASSERT_TRUE(eventually_has_readers(2));
    writer.send(Signal::kKill);
    expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, late)); });
    EXPECT_TRUE(ended_with(kExitPeerGone, early));
    expect_next_run_works();
}

TEST_F(Death, OfAKeepingWriterIsNoticedByItsFollower) {
    ChildProcess writer = start_fed_writer({"--keep", "--slot-size", "4KiB"});
    ASSERT_TRUE(writer.write_input(random_bytes(40'960)));
    ASSERT_TRUE(eventually_holds(40'960));
    ChildProcess follower = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    Bytes piece(40'960);
    ASSERT_NE(follower.read_output(piece), 0u);  // it has begun
    writer.send(Signal::kKill);
    expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, follower)); });
    EXPECT_TRUE(ended_with(sections_outlive_processes() ? kExitPeerGone : kExitNoInput,
                           run_tool({"verify", section_.name()})));
    expect_next_run_works();
}

TEST_F(Death, OfTheWriterIsWaitedOverByAPatientReader) {
    ChildProcess dead = start_writer(Words{"--text", "from the dead one"});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    dead.send(Signal::kKill);
    (void)dead.wait();
    ChildProcess reader = start_reader(Words{});
    EXPECT_TRUE(reader.is_running());
    ChildProcess living = start_writer(Words{"--text", "from the living one"});
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, living));
    EXPECT_EQ(reader.output(), "from the living one");
}

TEST_F(Death, OfManyWritersInARowNeedsNoCleaning) {
    for (int round = 0; round < 30; ++round) {
        ASSERT_TRUE(leave_dead_section());
    }
    expect_next_run_works();
}

TEST_F(Death, OfAStoppedWriterIsATimeoutForAReaderWithAStallTimeout) {
    ChildProcess writer = start_fed_writer();
    ChildProcess reader = start_reader(Words{"--stall-timeout", "2s", "-o", target()});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("some"));
    ASSERT_TRUE(eventually_holds(4));
    writer.send(Signal::kStop);
    EXPECT_TRUE(ended_with(kExitTimedOut, reader));
    EXPECT_TRUE(ended_with(kExitCannotCreate, run_writer({"--text", "x"})))
        << "stopped is not dead";
    writer.send(Signal::kContinue);
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    expect_nothing_left();
}

// ---- the writer is told to end -----------------------------------------------------------------

TEST_F(Death, OfTheWriterByInterruptIsToldAtOnce) {
    signal_writer(Signal::kInterrupt);
}

TEST_F(Death, OfTheWriterByTerminationIsToldAtOnce) {
    signal_writer(Signal::kTerminate);
}

TEST_F(Death, OfTheWriterByHangUpIsToldAtOnce) {
    signal_writer(Signal::kHangUp);
}

TEST_F(Death, OfAWaitingWriterByTerminationLeavesNothing) {
    ChildProcess writer = start_writer(Words{"--readers", "2", "--text", "x"});
    ChildProcess reader = start_receiver();
    ASSERT_TRUE(eventually_has_readers(1));
    writer.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), writer));
    expect_nothing_left();
}

TEST_F(Death, OfAWriterBehindAStoppedReaderByTerminationLeavesNothing) {
    ChildProcess writer = start_writer(Words{"--slots", "1", make_source(8 * kMiB)});
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    Bytes piece(1);
    ASSERT_EQ(reader.read_output(piece), 1u);
    reader.send(Signal::kStop);
    writer.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), writer));
    EXPECT_FALSE(section_.exists());
    reader.send(Signal::kContinue);
    (void)reader.read_all_output();
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
}

TEST_F(Death, OfAKeepingWriterByTerminationLeavesNothing) {
    ChildProcess writer = start_fed_writer({"--keep"});
    ASSERT_TRUE(writer.write_input(random_bytes(kMiB)));
    ASSERT_TRUE(eventually_holds(kMiB));
    writer.send(Signal::kTerminate);
    EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), writer));
    expect_nothing_left();
}

// ---- the reader dies ---------------------------------------------------------------------------

TEST_F(Death, OfTheReaderEndsTheWriter) {
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{100'000}}) {
        ChildProcess writer = start_fed_writer();
        ChildProcess reader = start_receiver();
        ASSERT_TRUE(eventually_admits_readers(1));
        ASSERT_TRUE(writer.write_input(random_bytes(bytes)));
        ASSERT_TRUE(eventually_holds(bytes));
        reader.send(Signal::kKill);
        expect_soon([&] { EXPECT_TRUE(ended_with(kExitPeerGone, writer)); });
        EXPECT_TRUE(ended_with(ended_by(Signal::kKill), reader));
        expect_nothing_left();
    }
    expect_next_run_works();
}

TEST_F(Death, OfTheReaderBeforeThePayloadIsNotCounted) {
    ChildProcess writer = start_writer(Words{"--readers", "2", "--text", "x"});
    ChildProcess dying = start_reader(Words{});
    ASSERT_TRUE(eventually_has_readers(1));
    dying.send(Signal::kKill);
    (void)dying.wait();
    std::vector<ChildProcess> readers = start_many(2, [&](int) { return start_reader(Words{}); });
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Death, OfAReaderThatHasEverythingIsItsOrdinaryEnd) {
    // The writer sleeps while the reader acknowledges the end and exits. When the writer looks
    // again, it must not matter that the reader no longer lives.
    ChildProcess writer = start_fed_writer();
    ChildProcess reader = start_reader(Launch{.arguments = {"-o", "-"}, .output = pipe_stream()});
    ASSERT_TRUE(eventually_admits_readers(1));
    // All bytes fit the ring, because nothing drains the reader's output yet.
    ASSERT_TRUE(writer.write_input(random_bytes(2 * kMiB)));
    writer.close_input();
    ASSERT_TRUE(eventually_reports(
        [](const SectionReport& now) { return now.state == SectionState::kEnded; }));
    platform::sleep_us(20'000);  // time itself: no state shows that the writer has fallen asleep
    writer.send(Signal::kStop);
    EXPECT_EQ(reader.read_all_output().size(), 2 * kMiB);
    EXPECT_TRUE(ended_with(0, reader));
    platform::sleep_us(200'000);  // time itself: the writer's next look at the locks must be due
    writer.send(Signal::kContinue);
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Death, OfTheReaderLeavesAnOldFileAlone) {
    write_file(target(), std::string("old"));
    ChildProcess writer = start_fed_writer();
    ChildProcess reader = start_reader(Words{"--force", "-o", target()});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("new"));
    ASSERT_TRUE(eventually_holds(3));
    reader.send(Signal::kKill);
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_EQ(read_text(target()), "old");
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target"});
}

TEST_F(Death, OfTheReaderByTerminationLeavesNothing) {
    for (const Signal signal : {Signal::kTerminate, Signal::kInterrupt}) {
        ChildProcess writer = start_fed_writer();
        ChildProcess reader = start_receiver();
        ASSERT_TRUE(eventually_admits_readers(1));
        ASSERT_TRUE(writer.write_input("half"));
        ASSERT_TRUE(eventually_holds(4));
        reader.send(signal);
        EXPECT_TRUE(ended_with(ended_by(signal), reader));
        EXPECT_TRUE(ended_with(kExitPeerGone, writer));
        expect_nothing_left();
    }
}

TEST_F(Death, OfAReaderThatWaitsForItsSectionByInterrupt) {
    if (!early_interrupts_are_told()) GTEST_SKIP() << "an early interrupt is a success here";
    ChildProcess reader = start_receiver();
    // The reader sleeps in short steps and handles signals from its first step on. Before that, the
    // signal ends it in the same way.
    reader.send(Signal::kInterrupt);
    EXPECT_TRUE(ended_with(ended_by(Signal::kInterrupt), reader));
    expect_nothing_left();
}

// Some senders send their signal twice, and the program still cleans up.
TEST_F(Death, OfTheWriterByTwoSignalsAtOnceLeavesNothing) {
    if (!sections_outlive_processes()) GTEST_SKIP() << "a second signal ends the process at once";
    ChildProcess writer = start_fed_writer();
    ASSERT_TRUE(eventually_has_readers(0));
    for (const Signal signal :
         {Signal::kStop, Signal::kTerminate, Signal::kInterrupt, Signal::kContinue})
        writer.send(signal);
    const auto end = writer.wait();
    EXPECT_TRUE(end == ended_by(Signal::kTerminate) || end == ended_by(Signal::kInterrupt));
    expect_nothing_left();
}

}  // namespace
}  // namespace mapferry::testing
