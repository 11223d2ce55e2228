// SPDX-License-Identifier: Apache-2.0
// Frames through the programs: raw video in, raw video out, restarts, deaths, limits.
#include <algorithm>
#include <thread>

#include "mapferry/frame_reader.h"
#include "process/programs.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kFrame = 64 * 48 * 3;
const Words kShape{"--image", "64x48:BGR24"};

class Frames : public ProgramTest {
  protected:
    [[nodiscard]] std::string make_video(std::uint64_t frames) const {
        return make_source(frames * kFrame, "video.raw");
    }
    [[nodiscard]] static Words with_shape(Words words) {
        words.insert(words.begin(), "--frames");
        words.insert(words.end(), kShape.begin(), kShape.end());
        return words;
    }
    [[nodiscard]] ChildProcess start_camera(const std::string& video, Words more = {}) const {
        more.insert(more.begin(), {video, "--loop", "--fps", "200"});
        return start_writer(with_shape(std::move(more)));
    }
    // The camera runs for ever: how long the test's own steps take does not end it.
    [[nodiscard]] bool eventually_publishes_more(std::uint64_t frames) const {
        std::uint64_t wanted = 0;  // the first look sets it
        return eventually_reports([&](const SectionReport& now) {
            if (wanted == 0) wanted = now.published + frames;
            return now.published >= wanted;
        });
    }
    // Ends a camera that would run for ever.
    static void end(ChildProcess& camera) {
        camera.send(Signal::kTerminate);
        EXPECT_TRUE(ended_with(ended_by(Signal::kTerminate), camera));
    }
    [[nodiscard]] std::string target() const { return folder_.file("out/got.raw"); }
};

TEST_F(Frames, LosslessVideoComesOutAsItWentIn) {
    const std::string video = make_video(300);
    ChildProcess writer = start_writer(with_shape({"--lossless", video}));
    EXPECT_TRUE(ended_with(0, run_reader({"--frames", "-o", target()})));
    EXPECT_TRUE(ended_with(0, writer));
    EXPECT_TRUE(same_content(video, target()));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Frames, LosslessReachesSeveralReaders) {
    const std::string video = make_video(100);
    ChildProcess writer = start_writer(with_shape({"--lossless", "--readers", "3", video}));
    std::vector<ChildProcess> readers = start_many(3, [&](int i) {
        return start_reader(Words{"--frames", "-o", target() + std::to_string(i)});
    });
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(ended_with(0, readers[static_cast<std::size_t>(i)]));
        EXPECT_TRUE(same_content(video, target() + std::to_string(i)));
    }
    EXPECT_TRUE(ended_with(0, writer));
}

// A viewer shows the newest frame now and then. Here it has stopped altogether.
TEST_F(Frames, LosslessReaderOfTheLatestHoldsNobodyUp) {
    const std::string video = make_video(300);
    ChildProcess writer = start_writer(with_shape({"--lossless", "--readers", "2", video}));
    ChildProcess viewer = start_reader(
        Launch{.arguments = {"--frames", "--latest", "-o", "-"}, .output = pipe_stream()});
    // The viewer's output is full soon, and nothing drains it.
    std::byte first{};
    ChildProcess reader = start_reader(Words{"--frames", "-o", target()});
    ASSERT_EQ(viewer.read_output(std::span(&first, 1)), 1u);
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(same_content(video, target()));
    (void)viewer.read_all_output();
    EXPECT_TRUE(ended_with(0, viewer));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, AsManyReadersAsAreAskedForHaveAPlace) {
    const std::string video = make_video(20);
    ChildProcess writer = start_writer(with_shape({"--lossless", "--readers", "20", video}));
    std::vector<ChildProcess> readers =
        start_many(20, [&](int) { return start_reader(Words{"--frames", "--null"}); });
    for (ChildProcess& reader : readers)
        EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, StandardInputToStandardOutput) {
    const Bytes video = random_bytes(20 * kFrame);
    ChildProcess writer =
        start_writer(Launch{.arguments = with_shape({"--lossless", "-"}), .input = pipe_stream()});
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--frames", "-o", "-"}, .output = pipe_stream()});
    ASSERT_TRUE(writer.write_input(video));
    writer.close_input();
    EXPECT_TRUE(bytes_of(reader.read_all_output()) == video);
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, LatecomerGetsTheNewestAtOnceAndCountsWhatItMisses) {
    ChildProcess writer = start_camera(make_video(50));
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 20; }));
    const Ended reader = run_reader({"--frames", "--null", "--count", "20", "--json"});
    EXPECT_TRUE(ended_with(0, reader));
    const auto last = json_event(reader.output, "end");
    EXPECT_EQ(last.value("frames", 0), 20);
    EXPECT_EQ(last.value("unhashed", -1), 0);
    end(writer);
}

TEST_F(Frames, CameraNeedsNoReader) {
    EXPECT_TRUE(ended_with(0, run_writer(with_shape({make_video(50)}))));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Frames, StoppedReaderDoesNotHoldTheCameraUp) {
    ChildProcess writer = start_camera(make_video(50));
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "1s"});
    ASSERT_TRUE(eventually_has_readers(1));
    reader.send(Signal::kStop);
    EXPECT_TRUE(eventually_publishes_more(200));
    reader.send(Signal::kContinue);
    end(writer);
    EXPECT_TRUE(ended_with(kExitPeerGone, reader)) << "it read to the end that the camera left";
}

TEST_F(Frames, HeldFrameOfTheCameraWithTheFewestSlotsDoesNotEndIt) {
    ChildProcess camera = start_camera(make_video(3), {"--slots", "2"});
    auto reader = FrameReader::open({.address = section_.address()});
    ASSERT_TRUE(reader) << describe(reader.error());
    const auto held = reader->next(kForever);
    ASSERT_TRUE(held && *held);
    const std::uint64_t later = (*held)->sequence() + 20;
    EXPECT_TRUE(
        eventually_reports([&](const SectionReport& now) { return now.published > later; }));
    EXPECT_TRUE((*held)->verify());
    end(camera);
}

TEST_F(Frames, DeadReaderCostsTheCameraNothing) {
    ChildProcess writer = start_camera(make_video(50));
    for (int i = 0; i < 5; ++i) {
        ChildProcess reader = start_reader(Words{"--frames", "--null"});
        ASSERT_TRUE(eventually_has_readers(1));
        reader.send(Signal::kKill);
        (void)reader.wait();
        ASSERT_TRUE(eventually_has_readers(0));
    }
    EXPECT_TRUE(eventually_publishes_more(20));
    end(writer);
    EXPECT_FALSE(section_.exists());
}

TEST_F(Frames, ReaderFollowsAWriterThatIsStartedAgain) {
    const std::string video = make_video(50);
    ChildProcess first = start_camera(video);
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--json"});
    ASSERT_TRUE(eventually_has_readers(1));
    first.send(Signal::kKill);
    (void)first.wait();
    ChildProcess second = start_camera(video, {"--count", "100", "--readers", "1"});
    EXPECT_TRUE(ended_with(0, second));
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_EQ(json_event(reader.output(), "end").value("writers", 0), 2);
    EXPECT_FALSE(json_event(reader.output(), "writer").is_null());
}

TEST_F(Frames, WithoutAnotherWriterItsDeathIsTold) {
    ChildProcess writer = start_camera(make_video(50));
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "1s"});
    ASSERT_TRUE(eventually_has_readers(1));
    writer.send(Signal::kKill);
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    (void)writer.wait();
    const Ended next = run_writer(with_shape({make_video(5)}));
    EXPECT_TRUE(ended_with(0, next)) << "the next run needs no cleaning";
}

TEST_F(Frames, StoppedCameraIsATimeoutForAReaderWithAStallTimeout) {
    ChildProcess writer =
        start_writer(Launch{.arguments = with_shape({"-"}), .input = pipe_stream()});
    ASSERT_TRUE(eventually([this] { return section_.exists(); }));
    writer.send(Signal::kStop);
    EXPECT_TRUE(
        ended_with(kExitTimedOut, run_reader({"--frames", "--null", "--stall-timeout", "500ms"})));
    writer.send(Signal::kContinue);
    writer.close_input();
    EXPECT_TRUE(ended_with(0, writer));
}

// Ten times the timeout of the processes that wait in the tests below.
void wait_for_long() {
    std::this_thread::sleep_for(std::chrono::seconds(2));  // time itself: it outlasts a timeout
}

TEST_F(Frames, CameraWithASlowSourceIsWaitedFor) {
    const Bytes video = random_bytes(2 * kFrame);
    ChildProcess writer =
        start_writer(Launch{.arguments = with_shape({"-", "--lossless"}), .input = pipe_stream()});
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "200ms"});
    ASSERT_TRUE(writer.write_input(std::span(video).first(kFrame)));
    wait_for_long();
    ASSERT_TRUE(writer.write_input(std::span(video).subspan(kFrame)));
    writer.close_input();
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, SlowReaderThatShowsLifeIsWaitedFor) {
    const std::string video = make_video(100);
    // The reader starts first, because its start-up would count against the writer's patience.
    ChildProcess reader =
        start_reader(Launch{.arguments = {"--frames", "-o", "-"}, .output = pipe_stream()});
    ChildProcess writer = start_writer(with_shape({video, "--lossless", "--timeout", "200ms"}));
    wait_for_long();
    EXPECT_EQ(reader.read_all_output().size(), 100 * kFrame);
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, VideoThatEndsInTheMiddleOfAFrameIsAnError) {
    const std::string video = make_source(3 * kFrame + 5, "video.raw");
    EXPECT_TRUE(ended_with(kExitCorrupt, run_writer(with_shape({video}))));
    EXPECT_FALSE(section_.exists());
}

TEST_F(Frames, FileReaderIsToldThatTheseAreFrames) {
    ChildProcess writer = start_camera(make_video(50));
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    const Ended reader = run_reader({"-o", target()});
    EXPECT_TRUE(ended_with(kExitUsage, reader));
    EXPECT_TRUE(contains(reader.errors, "--frames")) << reader.errors;
    end(writer);
}

TEST_F(Frames, FrameReaderIsToldThatTheseAreFiles) {
    ChildProcess writer = start_writer(Words{make_source(1000)});
    ASSERT_TRUE(eventually_reports([](const SectionReport&) { return true; }));
    const Ended reader = run_reader({"--frames", "--null"});
    EXPECT_TRUE(ended_with(kExitUsage, reader));
    EXPECT_TRUE(ended_with(0, run_reader({"--null"})));
    EXPECT_TRUE(ended_with(0, writer));
}

TEST_F(Frames, InfoShowsTheImageAndHowToLookAtIt) {
    ChildProcess writer = start_camera(make_video(50));
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 0; }));
    const Ended info = run_tool({"info", section_.name()});
    EXPECT_TRUE(ended_with(0, info));
    EXPECT_TRUE(contains(info.output, "64x48 BGR24")) << info.output;
    EXPECT_TRUE(contains(info.output, "-f rawvideo -pixel_format bgr24 -video_size 64x48"))
        << info.output;
    EXPECT_TRUE(contains(info.output, "rawvideoparse width=64 height=48 format=bgr"))
        << info.output;
    end(writer);
}

TEST_F(Frames, WrongUseIsUsage) {
    const std::string video = make_video(2);
    EXPECT_TRUE(ended_with(kExitCorrupt, run_writer({"--frames", video}))) << "no picture";
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--frames", video, "--image", "64x48"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer({"--frames", video, "--image", "64x48:JPEG"})));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer(with_shape({}))));
    EXPECT_TRUE(ended_with(kExitUsage, run_writer(with_shape({"--keep", video}))));
    EXPECT_TRUE(ended_with(kExitUsage, run_reader({"--frames"})));
    EXPECT_TRUE(ended_with(kExitNoInput, run_writer(with_shape({folder_.file("none")}))));
}

TEST_F(Frames, ExampleViewerSeesTheExampleCamera) {
    ChildProcess camera({.program = program_path("mapferry-example-camera")});
    ChildProcess viewer({.program = program_path("mapferry-example-viewer")});
    EXPECT_TRUE(ended_with(0, viewer));
    EXPECT_TRUE(ended_with(0, camera));
    EXPECT_TRUE(contains(viewer.output(), "frame 89: mean 127.5")) << viewer.output();
}

}  // namespace
}  // namespace mapferry::testing
