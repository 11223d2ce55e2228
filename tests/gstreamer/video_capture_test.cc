// SPDX-License-Identifier: Apache-2.0
// OpenCV's VideoCapture and VideoWriter, which reach the elements through GStreamer.
#include <algorithm>
#include <opencv2/videoio.hpp>
#include <string>

#include "gstreamer/pipelines.h"
#include "mapferry/frame_reader.h"

namespace mapferry::testing {
namespace {

using OpenCv = PipelineTest;

// The rows of a continuous picture.
Bytes bytes_of(const cv::Mat& picture) {
    const auto* const first = reinterpret_cast<const std::byte*>(picture.data);
    return {first, first + picture.total() * picture.elemSize()};
}

TEST_F(OpenCv, VideoCaptureTakesEachFrameBitForBit) {
    const std::string pictures =
        "videotestsrc num-buffers=5 pattern=snow ! "
        "video/x-raw,format=BGR,width=64,height=36,framerate=60/1 ! ";
    Pipeline direct(pictures + "appsink name=out sync=false");
    direct.play();
    ChildProcess sink =
        launch(pictures + "mapferrysink sync=false readers=1 delivery=each " + section());
    cv::VideoCapture capture(
        "mapferrysrc mode=next timeout=30000 " + section() + " ! appsink sync=false",
        cv::CAP_GSTREAMER);
    ASSERT_TRUE(capture.isOpened()) << sink.errors();
    cv::Mat picture;
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(capture.read(picture)) << i;
        ASSERT_EQ(picture.type(), CV_8UC3);
        EXPECT_TRUE(bytes_of(picture) == pixels_of(direct.pull().get())) << i;
    }
    EXPECT_FALSE(capture.read(picture));
    EXPECT_EQ(sink.wait(), exited(0)) << sink.errors();
}

TEST_F(OpenCv, VideoWriterFeedsAnyReader) {
    constexpr double kFramesPerSecond = 30;
    cv::VideoWriter writer(
        "appsrc ! videoconvert ! video/x-raw,format=BGR ! mapferrysink "
        "sync=false readers=1 delivery=each " +
            section(),
        cv::CAP_GSTREAMER, 0, kFramesPerSecond, cv::Size(64, 36));
    ASSERT_TRUE(writer.isOpened());
    // The sink sends its first frame when its reader is there, and reads ahead until then.
    auto reader = FrameReader::open({.address = {.name = name()}});
    ASSERT_TRUE(reader) << describe(reader.error());
    for (int i = 0; i < 3; ++i) {
        const cv::Mat picture(36, 64, CV_8UC3, cv::Scalar(10 + i, 20, 30));
        writer.write(picture);
        auto frame = reader->next(kDefaultTimeout);
        ASSERT_TRUE(frame && *frame) << i;
        EXPECT_TRUE(std::ranges::equal((*frame)->bytes(), bytes_of(picture))) << i;
    }
    writer.release();
    auto end = reader->next(kDefaultTimeout);
    ASSERT_TRUE(end) << describe(end.error());
    EXPECT_FALSE(*end);
}

}  // namespace
}  // namespace mapferry::testing
