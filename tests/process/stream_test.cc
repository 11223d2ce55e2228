// SPDX-License-Identifier: Apache-2.0
// Streams with several readers: each reader that is present at a payload's beginning gets all of
// it.
#include <filesystem>

#include "process/programs.h"

namespace mapferry::testing {
namespace {

class SharedStream : public ProgramTest {
  protected:
    [[nodiscard]] std::string target(std::size_t reader) const {
        return folder_.file("out/target-" + std::to_string(reader));
    }

    [[nodiscard]] std::vector<ChildProcess> start_readers(std::size_t count) const {
        return start_many(static_cast<int>(count), [&](int i) {
            return start_reader(Words{"-o", target(static_cast<std::size_t>(i))});
        });
    }

    // Starts a writer that reads standard input, with `count` readers admitted to its payload.
    [[nodiscard]] ChildProcess start_fed_writer(std::size_t count, Words options = {}) const {
        options.insert(options.end(), {"--readers", std::to_string(count), "-"});
        return start_writer(Launch{.arguments = std::move(options), .input = pipe_stream()});
    }

    void expect_all_get(std::size_t count) const {
        const std::string source = make_source(20 * kMiB + 7);
        ChildProcess writer =
            start_writer(Words{"--json", "--readers", std::to_string(count), source});
        std::vector<ChildProcess> readers = start_readers(count);
        for (ChildProcess& reader : readers)
            EXPECT_TRUE(ended_with(0, reader));
        ASSERT_TRUE(ended_with(0, writer));
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_TRUE(same_content(source, target(i)));
        EXPECT_EQ(json_event(writer.output(), "end").at("readers_served"), count);
    }
};

TEST_F(SharedStream, TwoReadersGetEverything) {
    expect_all_get(2);
}

TEST_F(SharedStream, EightReadersGetEverything) {
    expect_all_get(8);
}

TEST_F(SharedStream, SmallestRingServesEightReaders) {
    const std::string source = make_source(300'001);
    ChildProcess writer =
        start_writer(Words{"--readers", "8", "--slot-size", "4KiB", "--slots", "1", source});
    std::vector<ChildProcess> readers = start_readers(8);
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    for (std::size_t i = 0; i < 8; ++i)
        EXPECT_TRUE(same_content(source, target(i)));
}

TEST_F(SharedStream, ReadersBeyondTheWantedTakePart) {
    const std::string source = make_source(kMiB);
    ChildProcess writer = start_writer(Words{source});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    writer.send(Signal::kStop);  // until all three are there
    std::vector<ChildProcess> readers = start_readers(3);
    ASSERT_TRUE(eventually_has_readers(3));
    writer.send(Signal::kContinue);
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    ASSERT_TRUE(ended_with(0, writer));
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_TRUE(same_content(source, target(i)));
}

TEST_F(SharedStream, TooFewReadersAreNotServed) {
    ChildProcess writer = start_writer(Words{"--readers", "2", "--timeout", "2s", make_source(10)});
    ChildProcess reader = start_reader(Words{"-o", target(0)});
    EXPECT_TRUE(ended_with(kExitTimedOut, writer));
    EXPECT_TRUE(contains(writer.errors(), "1 of 2")) << writer.errors();
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

// ---- one reader in trouble ---------------------------------------------------------------------

class StreamInTrouble : public SharedStream {
  protected:
    // Kills one of three readers in the middle of a payload; expects this exit code of the writer.
    void kill_one_of_three(const std::string& wanted, int expected_code) const {
        const Bytes bytes = random_bytes(30 * kMiB);
        ChildProcess writer =
            start_writer(Launch{.arguments = {"--readers", wanted, "-"}, .input = pipe_stream()});
        ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
        writer.send(Signal::kStop);  // until all three are there
        std::vector<ChildProcess> readers = start_readers(3);
        ASSERT_TRUE(eventually_has_readers(3));
        writer.send(Signal::kContinue);
        ASSERT_TRUE(writer.write_input(std::span(bytes).first(kMiB)));
        ASSERT_TRUE(eventually_holds(kMiB));
        ASSERT_TRUE(eventually_admits_readers(3));
        readers[1].send(Signal::kKill);
        EXPECT_TRUE(writer.write_input(std::span(bytes).subspan(kMiB)));
        writer.close_input();
        EXPECT_TRUE(ended_with(0, readers[0]));
        EXPECT_TRUE(ended_with(ended_by(Signal::kKill), readers[1]));
        EXPECT_TRUE(ended_with(0, readers[2]));
        EXPECT_TRUE(ended_with(expected_code, writer));
        EXPECT_TRUE(read_file(target(0)) == bytes);
        EXPECT_TRUE(read_file(target(2)) == bytes);
        EXPECT_EQ(ScratchFolder::names_in(out_), (Words{"target-0", "target-2"}));
        EXPECT_FALSE(section_.exists());
    }
};

TEST_F(StreamInTrouble, KilledReaderBeyondTheWantedIsNoFailure) {
    kill_one_of_three("2", 0);
}

TEST_F(StreamInTrouble, KilledReaderOfTheWantedFailsTheWriterOnly) {
    kill_one_of_three("3", kExitPeerGone);
}

TEST_F(StreamInTrouble, StoppedReaderIsGivenUpAfterTheStallTimeoutAndNeverTakesWrongBytes) {
    const Bytes bytes = random_bytes(40 * kMiB);
    std::vector<ChildProcess> readers = start_readers(2);
    ChildProcess writer = start_fed_writer(2, {"--stall-timeout", "3s"});
    ASSERT_TRUE(eventually_admits_readers(2));
    ASSERT_TRUE(writer.write_input(std::span(bytes).first(kMiB)));
    ASSERT_TRUE(eventually_holds(kMiB));
    readers[1].send(Signal::kStop);
    EXPECT_TRUE(writer.write_input(std::span(bytes).subspan(kMiB)));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, readers[0]));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    readers[1].send(Signal::kContinue);
    const Exit stopped = readers[1].wait();
    EXPECT_TRUE(stopped == exited(kExitTimedOut) || stopped == exited(kExitPeerGone))
        << stopped << readers[1].errors();
    EXPECT_TRUE(read_file(target(0)) == bytes);
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"target-0"});
}

TEST_F(StreamInTrouble, FailedReaderIsLostAtOnce) {
    write_file(target(1), std::string("in the way"));
    const std::string source = make_source(40 * kMiB);
    ChildProcess writer = start_writer(Words{"--readers", "2", source});
    std::vector<ChildProcess> readers = start_readers(2);
    EXPECT_TRUE(ended_with(kExitCannotCreate, readers[1]));
    EXPECT_TRUE(ended_with(0, readers[0]));
    EXPECT_TRUE(ended_with(kExitPeerGone, writer));
    EXPECT_TRUE(same_content(source, target(0)));
    EXPECT_EQ(read_text(target(1)), "in the way");
}

// ---- latecomers --------------------------------------------------------------------------------

TEST_F(SharedStream, LateReaderGetsTheNextPayloadWhole) {
    const std::string next = make_source(2 * kMiB, "next.bin");
    ChildProcess writer = start_writer(Launch{.arguments = {"-", next}, .input = pipe_stream()});
    ChildProcess early = start_reader(Words{"-o", "-"});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("first half, "));
    ASSERT_TRUE(eventually_holds(12));
    ChildProcess late = start_reader(Words{"-o", out_});
    ASSERT_TRUE(eventually_has_readers(2));
    ASSERT_TRUE(writer.write_input("second half"));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, early));
    EXPECT_TRUE(ended_with(0, late));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(early.output() == "first half, second half" + read_text(next));
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{"next.bin"});
    EXPECT_TRUE(same_content(next, folder_.file("out/next.bin")));
}

TEST_F(SharedStream, LateReaderWithoutANextPayloadEndsWithAClearError) {
    ChildProcess writer = start_fed_writer(1);
    ChildProcess early = start_reader(Words{"-o", "-"});
    ASSERT_TRUE(eventually_admits_readers(1));
    ASSERT_TRUE(writer.write_input("half"));
    ASSERT_TRUE(eventually_holds(4));
    ChildProcess late = start_reader(Words{"-o", target(1)});
    ASSERT_TRUE(eventually_has_readers(2));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, early));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, late));
    EXPECT_TRUE(contains(late.errors(), "late")) << late.errors();
    EXPECT_EQ(early.output(), "half");
    EXPECT_TRUE(ScratchFolder::names_in(out_).empty());
}

TEST_F(SharedStream, SixtyFifthReaderFindsNoPlace) {
    ChildProcess writer = start_fed_writer(64);
    std::vector<ChildProcess> readers =
        start_many(64, [&](int) { return start_reader(Words{"--quiet", "-o", "-"}); });
    ASSERT_TRUE(eventually_admits_readers(64));
    const Ended refused = run_reader({"--timeout", "1s", "-o", target(65)});
    EXPECT_TRUE(ended_with(kExitTimedOut, refused));
    EXPECT_TRUE(contains(refused.errors, "taken")) << refused.errors;
    EXPECT_FALSE(contains(refused.errors, "--readers")) << "no section has more places";
    ASSERT_TRUE(writer.write_input("for all of you"));
    writer.close_input();
    for (ChildProcess& reader : readers) {
        EXPECT_TRUE(ended_with(0, reader));
        EXPECT_EQ(reader.output(), "for all of you");
    }
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(SharedStream, PlaceOfAReaderThatLeftIsTakenAgain) {
    ChildProcess writer = start_fed_writer(1);
    ChildProcess first = start_reader(Words{"-o", "-"});
    ASSERT_TRUE(eventually_admits_readers(1));
    for (int round = 0; round < 100; ++round) {  // more than there are places
        ChildProcess passing = start_reader(Words{"--null"});
        ASSERT_TRUE(eventually_has_readers(2));
        passing.send(Signal::kKill);
        (void)passing.wait();
        ASSERT_TRUE(eventually_has_readers(1));
    }
    ASSERT_TRUE(writer.write_input("still here"));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, first));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(first.output(), "still here");
}

}  // namespace
}  // namespace mapferry::testing
