// SPDX-License-Identifier: Apache-2.0
#include "cli/image_text.h"

#include <gtest/gtest.h>

namespace mapferry::cli {
namespace {

TEST(ParseImage, TakesAnyNameOfAFormat) {
    for (const char* text : {"64x48:NV12", "64x48:nv12", "64x48:YCbCr420_8_YY_CbCr_Semiplanar"}) {
        const auto image = parse_image(text);
        ASSERT_TRUE(image) << text;
        EXPECT_EQ(image_text(*image), "64x48:NV12");
    }
    EXPECT_EQ(image_text(parse_image("64x48:bgr24").value()), "64x48:BGR24");
    EXPECT_EQ(image_text(parse_image("64x48:Mono12").value()), "64x48:GRAY12");
    EXPECT_EQ(image_text(parse_image("64x48:rggb").value()), "64x48:RGGB8");
    EXPECT_EQ(image_text(parse_image("64x48:yuv420p10le").value()), "64x48:S010");
}

TEST(ParseImage, StrideIsTheFirstPlanes) {
    const auto image = parse_image("63x47:I420:64");
    ASSERT_TRUE(image);
    EXPECT_EQ(planes_of(*image)->image_bytes, 64u * 47 + 2 * 32 * 24);
    EXPECT_EQ(image_text(*image), "63x47:I420:64");
    EXPECT_EQ(image_text(parse_image("63x47:YUYV:128").value()), "63x47:YUYV");
    EXPECT_FALSE(parse_image("63x47:YUYV:127"));
}

TEST(ParseImage, RefusesAmbiguousAndUnknownNames) {
    for (const char* text : {"64x48:RGB16", "64x48:rgb8", "64x48:PNG", "64x48:", "64x48"})
        EXPECT_FALSE(parse_image(text)) << text;
}

TEST(ForeignNames, AreThoseOfFfmpegAndRawvideoparse) {
    const auto of = [](const char* text) { return parse_image(text).value(); };
    EXPECT_EQ(ffmpeg_format(of("64x48:GRAY16")), "gray16le");
    EXPECT_EQ(gstreamer_format(of("64x48:GRAY16")), "gray16-le");
    EXPECT_EQ(ffmpeg_format(of("64x48:RGGB8")), "bayer_rggb8");
    EXPECT_EQ(gstreamer_format(of("64x48:RGGB8")), "");
    EXPECT_EQ(gstreamer_format(of("64x48:P010")), "p010-10le");
    EXPECT_EQ(ffmpeg_format(of("64x48:GRAY10P")), "");
}

}  // namespace
}  // namespace mapferry::cli
