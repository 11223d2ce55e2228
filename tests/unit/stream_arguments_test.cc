// SPDX-License-Identifier: Apache-2.0
#include "console/stream_arguments.h"

#include <gtest/gtest.h>

#include "cli/image_text.h"

namespace mapferry::cli {
namespace {

// What rawvideoparse is told of the planes of such frames in a pipe.
std::string planes_for_gstreamer(const char* text) {
    SectionReport report;
    report.section.delivery = Delivery::kLatest;
    report.image = parse_image(text).value();
    const std::string arguments = gstreamer_arguments(report).value_or("");
    const auto planes = arguments.find(" plane-strides");
    return planes == std::string::npos ? "" : arguments.substr(planes + 1);
}

TEST(StreamArguments, RawvideoparseHearsOfRowsWithoutItsPadding) {
    for (const char* const usual : {"64x48:BGR24", "63x48:BGRA32", "64x47:BGR24", "64x48:NV12"})
        EXPECT_EQ(planes_for_gstreamer(usual), "") << usual;
    EXPECT_EQ(planes_for_gstreamer("63x48:BGR24"),
              R"(plane-strides="<189>" plane-offsets="<0>" frame-size=9072)");
    EXPECT_EQ(planes_for_gstreamer("63x48:BGR24:192"),
              R"(plane-strides="<189>" plane-offsets="<0>" frame-size=9072)")
        << "the pipe has no padding";
    EXPECT_EQ(planes_for_gstreamer("64x47:NV12"),
              R"(plane-strides="<64,64>" plane-offsets="<0,3008>" frame-size=4544)");
    EXPECT_EQ(planes_for_gstreamer("60x48:I420"),
              R"(plane-strides="<60,30,30>" plane-offsets="<0,2880,3600>" frame-size=4320)");
}

TEST(StreamArguments, FactsOfTheStreamAreAmongTheArguments) {
    SectionReport report;
    report.section.delivery = Delivery::kEach;
    report.image = parse_image("64x48:I420").value();
    report.facts = {.frame_rate = {.numerator = 30000, .denominator = 1001},
                    .pixel_aspect = {.numerator = 16, .denominator = 15},
                    .scan = Scan::kTopFieldFirst};
    EXPECT_EQ(ffmpeg_arguments(report).value_or(""),
              "-f rawvideo -pixel_format yuv420p -video_size 64x48 -framerate 30000/1001");
    EXPECT_EQ(gstreamer_arguments(report).value_or(""),
              "fdsrc ! rawvideoparse width=64 height=48 format=i420 framerate=30000/1001 "
              "pixel-aspect-ratio=16/15 interlaced=true top-field-first=true");
}

}  // namespace
}  // namespace mapferry::cli
