// SPDX-License-Identifier: Apache-2.0
// YUV in all its arrangements, to RGB and back.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "support/pixels.h"

namespace mapferry::testing {
namespace {

// Four pixels in two rows; each two columns have colours of their own.
struct Arrangement {
    const char* format;
    Bytes bytes;
};
const std::vector<Arrangement> kTwoRows = {
    {"I444", bytes({50,  60,  70,  80,  90,  100, 110, 120,    //
                    30,  30,  200, 200, 30,  30,  200, 200,    //
                    220, 220, 40,  40,  220, 220, 40,  40})},  //
    {"NV24", bytes({50, 60,  70, 80,  90,  100, 110, 120,      //
                    30, 220, 30, 220, 200, 40,  200, 40,       //
                    30, 220, 30, 220, 200, 40,  200, 40})},    //
    {"NV42", bytes({50,  60, 70,  80, 90, 100, 110, 120,       //
                    220, 30, 220, 30, 40, 200, 40,  200,       //
                    220, 30, 220, 30, 40, 200, 40,  200})},    //
    {"I422", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    30, 200, 30, 200, 220, 40, 220, 40})},     //
    {"NV16", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    30, 220, 200, 40, 30, 220, 200, 40})},     //
    {"NV61", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    220, 30, 40, 200, 220, 30, 40, 200})},     //
    {"YUYV", bytes({50, 30, 60, 220, 70, 200, 80, 40,          //
                    90, 30, 100, 220, 110, 200, 120, 40})},    //
    {"YVYU", bytes({50, 220, 60, 30, 70, 40, 80, 200,          //
                    90, 220, 100, 30, 110, 40, 120, 200})},    //
    {"UYVY", bytes({30, 50, 220, 60, 200, 70, 40, 80,          //
                    30, 90, 220, 100, 200, 110, 40, 120})},    //
    {"VYUY", bytes({220, 50, 30, 60, 40, 70, 200, 80,          //
                    220, 90, 30, 100, 40, 110, 200, 120})},    //
    {"I420", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    30, 200, 220, 40})},                       //
    {"YV12", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    220, 40, 30, 200})},                       //
    {"NV12", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    30, 220, 200, 40})},                       //
    {"NV21", bytes({50, 60, 70, 80, 90, 100, 110, 120,         //
                    220, 30, 40, 200})},                       //
};

// 1.164 (Y - 16) and so on, in real numbers.
std::array<int, 3> rgb_of(int y, int u, int v) {
    const double luma = (y - 16) * 255.0 / 219;
    const auto byte = [](double value) {
        return static_cast<int>(std::lround(std::clamp(value, 0.0, 255.0)));
    };
    const double scale = 255.0 / 224;
    return {byte(luma + scale * 1.402 * (v - 128)),
            byte(luma - scale * (0.344136 * (u - 128) + 0.714136 * (v - 128))),
            byte(luma + scale * 1.772 * (u - 128))};
}

TEST(YuvConvert, EveryArrangementHasTheSamePixels) {
    const Bytes expected = converted(shape(4, 2, "I444"), kTwoRows[0].bytes, "RGB24");
    ASSERT_EQ(expected.size(), 24u);
    for (const Arrangement& one : kTwoRows)
        EXPECT_EQ(converted(shape(4, 2, one.format), one.bytes, "RGB24"), expected) << one.format;
}

TEST(YuvConvert, EveryArrangementIsMadeOfTheSamePixels) {
    for (const Arrangement& from : kTwoRows)
        for (const Arrangement& to : kTwoRows)
            EXPECT_EQ(converted(shape(4, 2, from.format), from.bytes, to.format), to.bytes)
                << from.format << " to " << to.format;
}

TEST(YuvConvert, ColoursAreThoseOfBt601) {
    for (int y = 0; y < 256; y += 5)
        for (int u = 0; u < 256; u += 5)
            for (int v = 0; v < 256; v += 5) {
                const Bytes rgb = converted(shape(1, 1, "I444"), bytes({y, u, v}), "RGB24");
                ASSERT_EQ(rgb.size(), 3u);
                for (std::size_t i = 0; i < 3; ++i)
                    ASSERT_NEAR(std::to_integer<int>(rgb[i]), rgb_of(y, u, v)[i], 1)
                        << y << " " << u << " " << v;
            }
}

TEST(YuvConvert, BlackWhiteAndGreyAreExact) {
    EXPECT_EQ(converted(shape(3, 1, "I444"), bytes({16, 235, 255, 128, 128, 128, 128, 128, 128}),
                        "RGB24"),
              bytes({0, 0, 0, 255, 255, 255, 255, 255, 255}));
    ImageDescription full = shape(1, 1, "I444");
    full.color.range = ColorRange::kFull;
    for (int grey = 0; grey < 256; ++grey) {
        EXPECT_EQ(converted(full, bytes({grey, 128, 128}), "RGB24"), bytes({grey, grey, grey}));
        EXPECT_EQ(converted(full, bytes({grey, 30, 220}), "GRAY8"), bytes({grey}));
    }
}

// The last column and the last row have chroma samples of their own.
TEST(YuvConvert, OddSidesRoundUp) {
    const Bytes luma = bytes({50, 60, 70, 80, 90, 100, 110, 120, 130});
    Bytes whole = luma;
    Bytes i420 = luma;
    Bytes nv12 = luma;
    for (const int value :
         {30, 30, 40, 30, 30, 40, 50, 50, 60, 200, 200, 190, 200, 200, 190, 180, 180, 170})
        whole.push_back(std::byte(value));
    for (const int value : {30, 40, 50, 60, 200, 190, 180, 170})
        i420.push_back(std::byte(value));
    for (const int value : {30, 200, 40, 190, 50, 180, 60, 170})
        nv12.push_back(std::byte(value));
    const Bytes yuyv = bytes({50,  30, 60,  200, 70,  40, 99, 190,  //
                              80,  30, 90,  200, 100, 40, 99, 190,  //
                              110, 50, 120, 180, 130, 60, 99, 170});
    const Bytes expected = converted(shape(3, 3, "I444"), whole, "BGR24");
    EXPECT_EQ(converted(shape(3, 3, "I420"), i420, "BGR24"), expected);
    EXPECT_EQ(converted(shape(3, 3, "NV12"), nv12, "BGR24"), expected);
    EXPECT_EQ(converted(shape(3, 3, "YUYV"), yuyv, "BGR24"), expected);
    EXPECT_EQ(converted(shape(3, 3, "I444"), whole, "I420"), i420);
    EXPECT_EQ(converted(shape(3, 3, "I444"), whole, "NV12"), nv12);
    // The pixel that a pair has and the picture has not is like its neighbour.
    const Bytes again =
        converted(shape(3, 3, "NV16"), converted(shape(3, 3, "YUYV"), yuyv, "NV16"), "YUYV");
    EXPECT_EQ(again, bytes({50,  30, 60,  200, 70,  40, 70,  190,  //
                            80,  30, 90,  200, 100, 40, 100, 190,  //
                            110, 50, 120, 180, 130, 60, 130, 170}));
}

TEST(YuvConvert, PlanesMayLieAnywhere) {
    // V, a gap, U, a gap, Y; rows of other lengths.
    const Bytes scattered =
        bytes({220, 40, 0, 0, 30, 200, 0, 50, 60, 70, 80, 0, 0, 90, 100, 110, 120});
    ImageDescription image = shape(4, 2, "I420");
    image.row_stride_bytes = 6;
    image.plane_count = 3;
    image.planes = {ImagePlane{7, 6}, ImagePlane{4, 2}, ImagePlane{0, 2}};
    EXPECT_EQ(converted(image, scattered, "RGB24"),
              converted(shape(4, 2, "I444"), kTwoRows[0].bytes, "RGB24"));
}

TEST(YuvConvert, BottomUpPlanesAreTurned) {
    ImageDescription image = shape(2, 4, "NV12");
    image.orientation = Orientation::kBottomUp;
    const Bytes turned = bytes({70, 80, 50, 60, 30, 40, 10, 20, 100, 110, 90, 95});
    const Bytes upright = bytes({10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100, 110});
    EXPECT_EQ(converted(image, turned, "RGB24"), converted(shape(2, 4, "NV12"), upright, "RGB24"));
    EXPECT_EQ(converted(image, turned, "NV12"), upright);
    Bytes out(12);
    ASSERT_TRUE(
        convert_image_into(ImageView::make(shape(2, 4, "NV12"), upright).value(), image, out));
    EXPECT_EQ(out, turned);
}

TEST(YuvConvert, IntoPlanesKeepsTheirPadding) {
    ImageDescription image = shape(2, 2, "I420");
    image.row_stride_bytes = 3;
    image.plane_count = 3;
    image.planes = {ImagePlane{1, 3}, ImagePlane{8, 2}, ImagePlane{10, 2}};
    Bytes out(12, std::byte{9});
    const Bytes white(12, std::byte{255});
    ASSERT_TRUE(
        convert_image_into(ImageView::make(shape(2, 2, "BGR24"), white).value(), image, out));
    EXPECT_EQ(out, bytes({9, 235, 235, 9, 235, 235, 9, 9, 128, 9, 128, 9}));
}

// A strip has 512 pixels.
TEST(YuvConvert, LongRowsAreWhole) {
    constexpr std::uint32_t kWidth = 1027;
    Bytes luma(kWidth);
    for (std::size_t i = 0; i < luma.size(); ++i)
        luma[i] = std::byte(16 + i % 220);
    Bytes nv12 = luma;
    nv12.resize(kWidth + kWidth + 1, std::byte{128});
    Bytes grey;
    for (std::size_t i = 0; i < luma.size(); ++i) {
        const auto value = std::lround((static_cast<double>(i % 220)) * 255 / 219);
        grey.insert(grey.end(), 3, std::byte(std::min(value, 255L)));
    }
    EXPECT_EQ(converted(shape(kWidth, 1, "NV12"), nv12, "BGR24"), grey);
}

// ---- colours -----------------------------------------------------------------------------------

TEST(YuvConvert, RgbBecomesYuvOfBt601) {
    const Bytes rgb = bytes({255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0});
    EXPECT_EQ(converted(shape(5, 1, "RGB24"), rgb, "I444"),
              bytes({81, 145, 41, 235, 16, 90, 54, 240, 128, 128, 240, 34, 110, 128, 128}));
}

TEST(YuvConvert, GreyHasNoColourInYuv) {
    for (int grey = 0; grey < 256; ++grey) {
        const Bytes yuv = converted(shape(1, 1, "RGB24"), bytes({grey, grey, grey}), "I444");
        EXPECT_EQ(yuv[1], std::byte{128}) << grey;
        EXPECT_EQ(yuv[2], std::byte{128}) << grey;
        const auto luma = static_cast<int>(std::lround(16 + grey * 219.0 / 255));
        EXPECT_NEAR(std::to_integer<int>(yuv[0]), luma, 1);
        EXPECT_EQ(converted(shape(1, 1, "GRAY8"), bytes({grey}), "I444"), bytes({luma, 128, 128}));
    }
}

TEST(YuvConvert, SharedColoursAreTheMean) {
    // Black and white above, white and white below: three quarters of white in Y, and no colour.
    const Bytes pixels = bytes({0, 255, 255, 255});
    EXPECT_EQ(converted(shape(2, 2, "GRAY8"), pixels, "I420"),
              bytes({16, 235, 235, 235, 128, 128}));
    // Red above, blue below.
    const Bytes red_and_blue = bytes({255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255});
    EXPECT_EQ(converted(shape(2, 2, "RGB24"), red_and_blue, "NV12"),
              bytes({81, 81, 41, 41, 165, 175}));
    EXPECT_EQ(converted(shape(2, 2, "RGB24"), red_and_blue, "I422"),
              bytes({81, 81, 41, 41, 90, 240, 240, 110}));
}

struct Known {
    std::uint8_t matrix;
    ColorRange range;
    std::array<int, 3> red;  // as YUV
};

TEST(YuvConvert, MatrixAndRangeAreThoseOfTheImage) {
    for (const Known& known :
         {Known{2, ColorRange::kUnknown, {81, 90, 240}},
          Known{6, ColorRange::kLimited, {81, 90, 240}}, Known{5, ColorRange::kFull, {76, 85, 255}},
          Known{1, ColorRange::kLimited, {63, 102, 240}},
          Known{1, ColorRange::kFull, {54, 99, 255}}, Known{4, ColorRange::kLimited, {82, 90, 240}},
          Known{7, ColorRange::kLimited, {62, 102, 240}},
          Known{9, ColorRange::kLimited, {74, 97, 240}}}) {
        ImageDescription image = shape(1, 1, "I444");
        image.color.matrix = known.matrix;
        image.color.range = known.range;
        Bytes yuv(3);
        const Bytes red = bytes({255, 0, 0});
        ASSERT_TRUE(
            convert_image_into(ImageView::make(shape(1, 1, "RGB24"), red).value(), image, yuv));
        EXPECT_EQ(yuv, bytes({known.red[0], known.red[1], known.red[2]})) << int{known.matrix};
        const Bytes rgb = converted(image, yuv, "RGB24");
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_NEAR(std::to_integer<int>(rgb[i]), std::to_integer<int>(red[i]), 2)
                << int{known.matrix};
    }
}

TEST(YuvConvert, OtherMatricesAreRefused) {
    const Bytes pixels(3);
    for (const int matrix : {0, 3, 8, 10, 14, 99}) {
        ImageDescription image = shape(1, 1, "I444");
        image.color.matrix = static_cast<std::uint8_t>(matrix);
        const auto view = ImageView::make(image, pixels).value();
        EXPECT_EQ(convert_image(view, kFourccBgr24).error().code, Code::kUsage) << matrix;
        EXPECT_TRUE(convert_image(view, kFourccI444)) << "a copy needs no matrix: " << matrix;
    }
    // RGB has a matrix in its description that says nothing.
    ImageDescription rgb = shape(1, 1, "RGB24");
    rgb.color.matrix = 0;
    EXPECT_EQ(converted(rgb, bytes({255, 255, 255}), "I444"), bytes({235, 128, 128}));
}

TEST(YuvConvert, RangesBecomeEachOther) {
    ImageDescription full = shape(2, 1, "I444");
    full.color.range = ColorRange::kFull;
    const Bytes pixels = bytes({0, 255, 128, 128, 128, 128});
    ImageDescription limited = shape(2, 1, "I444");
    limited.color.range = ColorRange::kLimited;
    Bytes out(6);
    ASSERT_TRUE(convert_image_into(ImageView::make(full, pixels).value(), limited, out));
    EXPECT_EQ(out, bytes({16, 235, 128, 128, 128, 128}));
    // A target that leaves its range open has that of the source.
    ASSERT_TRUE(
        convert_image_into(ImageView::make(full, pixels).value(), shape(2, 1, "I444"), out));
    EXPECT_EQ(out, pixels);
}

TEST(YuvConvert, ResultSaysItsColours) {
    const Bytes pixels(6);
    ImageDescription rgb = shape(2, 1, "RGB24");
    rgb.color.primaries = 9;
    const auto yuv = convert_image(ImageView::make(rgb, pixels).value(), kFourccI444);
    EXPECT_EQ(yuv->description().color, (ImageColor{.primaries = 9,
                                                    .matrix = 6,
                                                    .range = ColorRange::kLimited,
                                                    .chroma_site = ChromaSite::kCenter}));
    ImageDescription source = shape(2, 1, "I444");
    source.color = {
        .transfer = 16, .matrix = 9, .range = ColorRange::kFull, .chroma_site = ChromaSite::kLeft};
    const auto view = ImageView::make(source, pixels).value();
    EXPECT_EQ(convert_image(view, kFourccI420)->description().color, source.color);
    EXPECT_EQ(convert_image(view, kFourccBgr24)->description().color, (ImageColor{.transfer = 16}));
}

// ---- 10 to 16 bits -----------------------------------------------------------------------------

TEST(YuvConvert, MoreBitsHaveTheSameColours) {
    // Red and white, of 10, 12 and 16 bits, low and high.
    const Bytes expected = bytes({254, 0, 0, 255, 255, 255});
    EXPECT_EQ(converted(shape(2, 1, "I444"), bytes({81, 235, 90, 128, 240, 128}), "RGB24"),
              expected);
    EXPECT_EQ(converted(shape(2, 1, "S410"), words({324, 940, 360, 512, 960, 512}), "RGB24"),
              expected);
    EXPECT_EQ(converted(shape(2, 1, "S412"), words({1296, 3760, 1440, 2048, 3840, 2048}), "RGB24"),
              expected);
    EXPECT_EQ(
        converted(shape(2, 1, "S416"), words({20736, 60160, 23040, 32768, 61440, 32768}), "RGB24"),
        expected);
    // Both pixels of 4:2:0 and 4:2:2 have the colour of the red one.
    const Bytes red = bytes({254, 0, 0, 254, 0, 0});
    for (const char* const format : {"P010", "P012", "P016", "S016", "S216"})
        EXPECT_EQ(converted(shape(2, 1, format), words({20736, 20736, 23040, 61440}), "RGB24"), red)
            << format;
    for (const char* const format : {"S010", "S210"})
        EXPECT_EQ(converted(shape(2, 1, format), words({324, 324, 360, 960}), "RGB24"), red)
            << format;
    for (const char* const format : {"S012", "S212"})
        EXPECT_EQ(converted(shape(2, 1, format), words({1296, 1296, 1440, 3840}), "RGB24"), red)
            << format;
}

TEST(YuvConvert, TenBitsReach16) {
    ImageDescription image = shape(2, 1, "P010");
    const Bytes video = words({64 << 6, 940 << 6, 512 << 6, 512 << 6});
    EXPECT_EQ(converted(image, video, "RGB48"), words({0, 0, 0, 65535, 65535, 65535}));
    EXPECT_EQ(converted(image, video, "GRAY16"), words({0, 65535}));
    image.color.range = ColorRange::kFull;
    const Bytes full = words({0, 1023 << 6, 512 << 6, 512 << 6});
    EXPECT_EQ(converted(image, full, "GRAY16"), words({0, 65535}));
    EXPECT_EQ(converted(image, full, "RGB48"), words({0, 0, 0, 65535, 65535, 65535}));
}

TEST(YuvConvert, TenBitsAreRoundedTo8) {
    const Bytes pixels = words({(50 << 2 | 2) << 6, (60 << 2 | 1) << 6, 1023 << 6, 0});
    EXPECT_EQ(converted(shape(2, 1, "P010"), pixels, "NV12"), bytes({51, 60, 255, 0}));
}

}  // namespace
}  // namespace mapferry::testing
