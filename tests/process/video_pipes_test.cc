// SPDX-License-Identifier: Apache-2.0
// YUV4MPEG2 video through the programs, and the arguments with which other programs read frames.
#include "mapferry/frame_writer.h"
#include "process/frame_passing.h"

namespace mapferry::testing {
namespace {

class VideoPipes : public FramePassing {};

// ---- YUV4MPEG2 ---------------------------------------------------------------------------------

TEST_F(VideoPipes, Y4mComesOutAsItWentIn) {
    for (const char* const format :
         {"420jpeg", "420mpeg2", "420paldv", "422", "444", "mono", "mono16", "420p10"}) {
        const std::string header =
            std::string("YUV4MPEG2 W7 H5 F30000:1001 It A16:15 C") + format + " XCOLORRANGE=FULL\n";
        const std::string color(format);
        const std::size_t bytes = color == "mono"     ? 35
                                  : color == "mono16" ? 70
                                  : color == "420p10" ? 2 * (35 + 2 * 12)
                                  : color == "422"    ? 35 + 2 * 20
                                  : color == "444"    ? 105
                                                      : 35 + 2 * 12;
        Bytes video = bytes_of(header);
        for (const std::uint64_t seed : {1U, 2U, 3U})
            video = joined({video, bytes_of("FRAME\n"), random_bytes(bytes, seed)});
        const std::string got = out(color + ".y4m");
        const Both both = pass({"-"}, {"-q", "-o", got}, video);
        EXPECT_TRUE(ended_with(0, both.writer));
        EXPECT_TRUE(ended_with(0, both.reader));
        EXPECT_TRUE(read_file(got) == video) << format;
    }
}

TEST_F(VideoPipes, ParametersOfAFrameArePassedOver) {
    const Bytes video = bytes_of("YUV4MPEG2 W2 H2 Cmono XABC\nFRAME Ip Xlong\nABCDFRAME\nEFGH");
    const Both both = pass({store("a.y4m", video)}, {"-q", "--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(0, both.writer));
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_EQ(both.reader.output, "YUV4MPEG2 W2 H2 Cmono\nFRAME\nABCDFRAME\nEFGH");
}

TEST_F(VideoPipes, RateOfTheCommandLineCountsMoreThanTheVideosOwn) {
    const std::string video = store("a.y4m", bytes_of("YUV4MPEG2 W2 H2 F25:1 Cmono\nFRAME\nABCD"));
    const Both both = pass({video, "--fps", "50", "--lossless"}, {"-q", "--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(0, both.writer));
    EXPECT_EQ(both.reader.output, "YUV4MPEG2 W2 H2 F50:1 Cmono\nFRAME\nABCD");
}

TEST_F(VideoPipes, DamagedVideoIsReportedAndItsWholeFramesArrive) {
    for (const auto& [video, reason] :
         {std::pair{"FRAME\nABCDFRAME\nEFG", "it ends in the middle of frame 2"},
          {"FRAME\nABCDJUNK!\nEFGH", "no frame follows frame 1"},
          {"FRAME\nABCDFRA", "it ends in the middle of a line"}}) {
        const Both both = pass({"-"}, {"-q", "--y4m", "-o", "-"},
                               bytes_of(std::string("YUV4MPEG2 W2 H2 Cmono\n") + video));
        EXPECT_TRUE(ended_with(kExitCorrupt, both.writer));
        EXPECT_TRUE(contains(both.writer.errors, std::string("standard input: ") + reason))
            << both.writer.errors;
        EXPECT_TRUE(ended_with(0, both.reader));
        EXPECT_EQ(both.reader.output, "YUV4MPEG2 W2 H2 Cmono\nFRAME\nABCD");
    }
}

TEST_F(VideoPipes, VideoThatCantBeReadIsRefusedWithTheWayOut) {
    const std::string alpha = store("a.y4m", bytes_of("YUV4MPEG2 W2 H2 C444alpha\nFRAME\n"));
    const Ended refused = run_writer({"--frames", alpha});
    EXPECT_TRUE(ended_with(kExitUsage, refused));
    EXPECT_TRUE(contains(refused.errors, "-pix_fmt yuv420p")) << refused.errors;
}

TEST_F(VideoPipes, VideoWithoutAnEndOfItsFirstLineIsGivenUp) {
    const std::string endless = store("a", bytes_of("YUV4MPEG2 W2 H2 X" + std::string(2000, 'x')));
    ChildProcess writer = start_writer(
        Launch{.arguments = {"--frames", "--timeout", "20s", "-"}, .input = file_stream(endless)});
    ChildProcess reader = start_reader(Words{"--frames", "--null", "--timeout", "1s"});
    EXPECT_TRUE(ended_with(kExitCorrupt, writer));
    EXPECT_TRUE(ended_with(kExitPeerGone, reader));
    EXPECT_TRUE(contains(reader.errors(), "one of its lines has no end")) << reader.errors();
}

TEST_F(VideoPipes, ImagesThatY4mLacksBecomePlanarYuv) {
    const std::string white = store("white.raw", Bytes(2 * 2 * 3, std::byte{255}));
    Both both = pass({white, "--image", "2x2:BGR24", "--lossless"}, {"--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_EQ(both.reader.output,
              "YUV4MPEG2 W2 H2 C420jpeg XCOLORRANGE=LIMITED\nFRAME\n\xEB\xEB\xEB\xEB\x80\x80");
    EXPECT_TRUE(contains(both.reader.errors, "BGR24 frames become I420 in YUV4MPEG2"));
    const std::string pairs = store("pairs.raw", bytes_of("AUBV"));
    both = pass({pairs, "--image", "2x1:YUYV", "--lossless"}, {"-q", "--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(0, both.reader));
    EXPECT_EQ(both.reader.output, "YUV4MPEG2 W2 H1 C422\nFRAME\nABUV");
}

TEST_F(VideoPipes, ImagesThatY4mLacksAreRefusedWithTheWayOut) {
    const std::string high = store("high.raw", Bytes(2 * 2 * 3));
    const Both both = pass({high, "--image", "2x2:P010", "--lossless"}, {"--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(kExitUsage, both.reader));
    EXPECT_TRUE(contains(both.reader.errors, "YUV4MPEG2 has no images of P010"));
    EXPECT_TRUE(contains(both.reader.errors, "-pix_fmt yuv420p"));
    for (const Words& words : {Words{"--frames", "--y4m", "--null"}, Words{"--y4m", "-o", "-"},
                               Words{"--frames", "--y4m", "-o", out("%d.png")}})
        EXPECT_TRUE(ended_with(kExitUsage, run_reader(words)));
}

TEST_F(VideoPipes, RowsAndPlanesInAnyOrderBecomeY4m) {
    auto image = describe_raw_image(2, 2, "YV12");
    ASSERT_TRUE(image);
    image->row_stride_bytes = 4;
    image->orientation = Orientation::kBottomUp;
    auto writer = FrameWriter::create({.address = {.name = section_.name()},
                                       .delivery = FrameDelivery::kEach,
                                       .frame_limit_bytes = 4096});
    ASSERT_TRUE(writer);
    ChildProcess reader = start_reader(Words{"--frames", "--y4m", "-q", "-o", "-"});
    ASSERT_TRUE(writer->wait_for_readers(1));
    // Y in two padded rows, the lower one first; V; U.
    ASSERT_TRUE(writer->publish_copy(bytes_of("CD..AB..V.U."), {.image = *image},
                                     std::chrono::seconds(10)));
    ASSERT_TRUE(writer->close());
    EXPECT_TRUE(ended_with(0, reader));
    EXPECT_EQ(reader.output(), "YUV4MPEG2 W2 H2 C420jpeg\nFRAME\nABCDUV");
}

TEST_F(VideoPipes, VideoThatChangesItsShapeEndsY4m) {
    const std::string first = store("a.y4m", bytes_of("YUV4MPEG2 W2 H2 Cmono\nFRAME\nABCD"));
    const std::string second = store("b.y4m", bytes_of("YUV4MPEG2 W1 H2 Cmono\nFRAME\nAB"));
    const Both both = pass({first, second}, {"--y4m", "-o", "-"});
    EXPECT_TRUE(ended_with(kExitUsage, both.reader));
    EXPECT_TRUE(contains(both.reader.errors, "frames change to 1x2 GRAY8")) << both.reader.errors;
}

// ---- arguments for other programs --------------------------------------------------------------

TEST_F(VideoPipes, InfoPrintsTheArgumentsForExactlyThisStream) {
    const std::string frame = make_source(7 * 5 * 3, "frame.raw");
    ChildProcess camera = start_writer(
        Words{"--frames", frame, "--image", "7x5:BGR24", "--loop", "--fps", "30000/1001"});
    ASSERT_TRUE(eventually_reports([](const SectionReport& now) { return now.published > 0; }));
    EXPECT_EQ(plain_lines(run_tool({"info", "--ffmpeg", section_.name()}).output),
              "-f rawvideo -pixel_format bgr24 -video_size 7x5 -framerate 30000/1001\n");
    EXPECT_EQ(plain_lines(run_tool({"info", "--gstreamer", section_.name()}).output),
              "fdsrc ! rawvideoparse width=7 height=5 format=bgr framerate=30000/1001 "
              "plane-strides=\"<21>\" plane-offsets=\"<0>\" frame-size=105\n");
    const Ended json = run_tool({"info", "--ffmpeg", section_.name(), "--json"});
    EXPECT_EQ(page_.fault_of(json_event(json.output, "arguments")), "");
    EXPECT_TRUE(
        ended_with(kExitUsage, run_tool({"info", "--ffmpeg", "--gstreamer", section_.name()})));
    camera.send(Signal::kTerminate);
    EXPECT_EQ(camera.wait(), ended_by(Signal::kTerminate));
}

TEST_F(VideoPipes, ArgumentsThatWouldBeWrongAreRefused) {
    auto writer =
        FrameWriter::create({.address = {.name = section_.name()}, .frame_limit_bytes = 4096});
    ASSERT_TRUE(writer);
    const Words ffmpeg{"info", "--ffmpeg", section_.name()};
    EXPECT_TRUE(ended_with(kExitTimedOut, run_tool(ffmpeg))) << "no frame yet";
    const auto publish = [&](const FrameNotes& notes) {
        EXPECT_TRUE(writer->publish_copy(Bytes(64), notes, std::chrono::seconds(10)));
    };
    publish({});
    EXPECT_TRUE(ended_with(kExitUsage, run_tool(ffmpeg))) << "no image";
    publish({.image = ImageDescription{.width = 8, .height = 8, .fourcc = kFourccGif}});
    EXPECT_TRUE(ended_with(kExitUsage, run_tool(ffmpeg))) << "no name for it";
    publish({.image = ImageDescription{.width = 8, .height = 8, .fourcc = kFourccJpeg}});
    EXPECT_EQ(plain_lines(run_tool(ffmpeg).output), "-f image2pipe -c:v mjpeg\n");
    EXPECT_TRUE(ended_with(kExitUsage, run_tool({"info", "--gstreamer", section_.name()})));
    ASSERT_TRUE(writer->close());
    ASSERT_TRUE(keep({make_source(10)}));
    EXPECT_TRUE(ended_with(kExitUsage, run_tool(ffmpeg))) << "no frames";
    EXPECT_TRUE(ended_with(0, run_tool({"rm", section_.name()})));
}

}  // namespace
}  // namespace mapferry::testing
