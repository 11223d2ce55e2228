// SPDX-License-Identifier: Apache-2.0
// Writers and readers that use one name one after the other: which of them wait, which get an
// error, and which continue.
#include "mapferry/reader.h"
#include "mapferry/writer.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

class Turns : public ProgramTest {
  protected:
    // Sends a video of ten frames. The camera waits for one reader, which takes each frame.
    [[nodiscard]] Ended run_camera() const {
        const std::string video = make_source(160, "video.raw");
        return run_writer({"--frames", "--lossless", "--image", "4x4:GRAY8", video});
    }
};

TEST_F(Turns, ReadersOfAWriterThatGivesUpAreToldExactlyWhy) {
    ChildProcess writer = start_writer(
        Words{"--readers", "3", "--timeout", "2s", make_source(kMiB), "--progress", "never"});
    const std::string first = folder_.file("out/first");
    ChildProcess one = start_reader(Words{"-o", first});
    ChildProcess two = start_reader(Words{"--null"});
    EXPECT_TRUE(ended_with(kExitTimedOut, writer));
    for (ChildProcess* const reader : {&one, &two}) {
        EXPECT_TRUE(ended_with(kExitPeerGone, *reader));
        EXPECT_TRUE(contains(reader->errors(), "the writer gave up: only 2 of 3 readers came"))
            << reader->errors();
        EXPECT_FALSE(contains(reader->errors(), "too late")) << reader->errors();
    }
    EXPECT_EQ(ScratchFolder::names_in(out_), Words{});
}

TEST_F(Turns, ReadersOfFramesOfAWriterThatGivesUpAreToldExactlyWhy) {
    ChildProcess writer = start_writer(Words{"--frames", "--readers", "2", "--timeout", "2s",
                                             "--image", "4x4:GRAY8", make_source(160)});
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "3s"});
    EXPECT_TRUE(ended_with(kExitTimedOut, writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_TRUE(contains(reader.errors(), "the writer gave up: only 1 of 2 readers"))
        << reader.errors();
}

TEST_F(Turns, SixWritersOfTextsForOneNameAllGetThroughWhenTheyWait) {
    constexpr int kWriters = 6;
    ChildProcess reader =
        start_reader(Words{"--text", "--follow", "--count", std::to_string(kWriters)});
    auto writers = start_many(kWriters, [this](int i) {
        return start_writer(Words{"--wait", "--text", "text " + std::to_string(i)});
    });
    for (ChildProcess& writer : writers)
        EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(ended_with(0, reader));
    for (int i = 0; i < kWriters; ++i)
        EXPECT_TRUE(contains(reader.output(), "text " + std::to_string(i) + "\n"));
}

TEST_F(Turns, WriterThatWaitsFollowsAKeptPayload) {
    ASSERT_TRUE(keep({make_source(kMiB, "first.bin")}));
    ChildProcess writer = start_writer(Words{"--wait", make_source(kMiB, "second.bin")});
    ASSERT_TRUE(eventually([&] { return contains(writer.errors(), "waiting for a turn"); }));
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "-o", out_})));
    EXPECT_TRUE(ended_with(0, run_reader({"-o", out_})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_EQ(ScratchFolder::names_in(out_), (Words{"first.bin", "second.bin"}));
}

TEST_F(Turns, CameraThatWaitsFollowsTheOneBefore) {
    const std::string video = make_source(160, "video.raw");
    const Words camera = {"--frames", "--wait", "--lossless", "--image", "4x4:GRAY8", video};
    ChildProcess reader = start_reader(Words{"--frames", "--follow", "--null", "--count", "20"});
    ChildProcess first = start_writer(camera);
    ChildProcess second = start_writer(camera);
    EXPECT_TRUE(ended_with(0, first));
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_TRUE(ended_with(0, reader));
}

TEST_F(Turns, AreWaitedForAsLongAsTheTimeoutSays) {
    ASSERT_TRUE(keep({make_source(kMiB)}));
    const Ended writer = run_writer({"--wait", "--timeout", "300ms", "--text", "next"});
    EXPECT_TRUE(ended_with(kExitTimedOut, writer));
    EXPECT_TRUE(contains(writer.errors, "holds a kept payload")) << writer.errors;
    EXPECT_TRUE(
        ended_with(kExitCannotCreate, run_writer({"--timeout", "300ms", "--text", "next"})));
    EXPECT_TRUE(ended_with(0, run_reader({"--consume", "--null"})));
}

TEST_F(Turns, ListenerThatHadNoPlaceIsToldAndGoesOn) {
    auto writer = Writer::create({.address = section_.address()});
    ASSERT_TRUE(writer) << describe(writer.error());
    ChildProcess taker = start_reader(Words{"--text", "--follow"});
    ASSERT_TRUE(writer->wait_for_readers(1));
    ASSERT_TRUE(writer->begin({.is_text = true, .payload_bytes = 3}));
    ChildProcess other = start_reader(Words{"--text", "--follow"});
    ASSERT_TRUE(eventually_has_readers(2));
    ASSERT_TRUE(writer->write(bytes_of("one")));
    ASSERT_TRUE(writer->end());
    ASSERT_TRUE(writer->close());
    ASSERT_TRUE(eventually([&] { return contains(other.errors(), "too late"); }));
    EXPECT_TRUE(ended_with(0, run_writer({"--readers", "2", "--text", "two"})));
    EXPECT_TRUE(eventually([&] { return other.output() == "two\n"; }));
    EXPECT_TRUE(eventually([&] { return taker.output() == "one\ntwo\n"; }));
    for (ChildProcess* const listener : {&taker, &other}) {
        listener->send(Signal::kTerminate);
        EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), *listener));
    }
}

TEST_F(Turns, ReaderOfFramesEndsWithTheirCleanEnd) {
    ChildProcess reader = start_reader(Words{"--frames", "--null"});
    EXPECT_TRUE(ended_with(0, run_camera()));
    EXPECT_TRUE(ended_with(0, reader));
}

TEST_F(Turns, ReaderOfFramesThatFollowsGoesOnAfterACleanEnd) {
    ChildProcess reader = start_reader(Words{"--frames", "--follow", "--null", "--count", "30"});
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(reader.is_running());
        EXPECT_TRUE(ended_with(0, run_camera()));
    }
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(contains(reader.errors(), "30 frames, 0 missed")) << reader.errors();
}

TEST_F(Turns, FollowingEndsByATimeoutThatIsGiven) {
    ChildProcess reader = start_reader(Words{"--frames", "--follow", "--null", "--timeout", "1s"});
    EXPECT_TRUE(ended_with(0, run_camera()));
    EXPECT_TRUE(ended_with(kExitTimedOut, reader));
}

TEST_F(Turns, FollowingOfFilesIsUsage) {
    EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--follow"})));
}

}  // namespace
}  // namespace mapferry::testing
