// SPDX-License-Identifier: Apache-2.0
// More than 8 bits a sample: grey, words, floating-point numbers, and what becomes black and white.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "format/pixel_table.h"
#include "support/pixels.h"

namespace mapferry::testing {
namespace {

constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

ConvertOptions levels(double black, double white) {
    return {.levels = SampleLevels{.black = black, .white = white}};
}

// ---- all formats -------------------------------------------------------------------------------

// Sides of three strips and an odd rest, and of one pixel.
TEST(ConvertAll, EveryRawFormatBecomesEveryTarget) {
    int sources = 0;
    for (const PixelFormat& format : pixel_formats()) {
        if (!format.is_describable() || format.fourcc == kFourccPal8) {
            EXPECT_FALSE(can_convert_from(format.fourcc)) << format.name;
            continue;
        }
        ++sources;
        for (const auto& [width, height] : {std::pair{1537u, 3u}, {1u, 1u}, {2u, 1u}, {1u, 2u}}) {
            const ImageDescription image = describe_raw_image(width, height, format.name).value();
            const Bytes pixels =
                random_bytes(static_cast<std::size_t>(planes_of(image).value().image_bytes));
            const auto view = ImageView::make(image, pixels).value();
            for (const PixelFormat& target : pixel_formats()) {
                const bool is_same = target.fourcc == format.fourcc;
                const bool can = is_same || can_convert_to(target.fourcc);
                EXPECT_EQ(convert_image(view, target.fourcc).has_value(), can)
                    << format.name << " to " << target.name;
            }
        }
    }
    EXPECT_GT(sources, 70);
}

TEST(ConvertAll, AFormatBecomesItselfByteForByte) {
    for (const PixelFormat& format : pixel_formats()) {
        if (!can_convert_from(format.fourcc)) continue;
        const ImageDescription image = describe_raw_image(5, 3, format.name).value();
        const Bytes pixels =
            random_bytes(static_cast<std::size_t>(planes_of(image).value().image_bytes));
        const auto copy = convert_image(ImageView::make(image, pixels).value(), format.fourcc);
        ASSERT_TRUE(copy) << format.name;
        EXPECT_TRUE(std::ranges::equal(copy->bytes(), pixels)) << format.name;
    }
}

// ---- orders ------------------------------------------------------------------------------------

TEST(ConvertWide, OrdersOfFourBytes) {
    const Bytes xrgb = bytes({9, 1, 2, 3});
    EXPECT_EQ(converted(shape(1, 1, "XRGB32"), xrgb, "RGBA32"), bytes({1, 2, 3, 255}));
    EXPECT_EQ(converted(shape(1, 1, "ARGB32"), xrgb, "RGBA32"), bytes({1, 2, 3, 9}));
    EXPECT_EQ(converted(shape(1, 1, "XBGR32"), xrgb, "BGRA32"), bytes({1, 2, 3, 255}));
    EXPECT_EQ(converted(shape(1, 1, "ABGR32"), xrgb, "ARGB32"), bytes({9, 3, 2, 1}));
    EXPECT_EQ(converted(shape(1, 1, "RGB24"), bytes({1, 2, 3}), "XBGR32"), bytes({255, 3, 2, 1}));
}

TEST(ConvertWide, OrdersOfFiveAndSixBits) {
    const Bytes word = bytes({0x3F, 0x00});  // the lowest five bits, and one of green
    EXPECT_EQ(converted(shape(1, 1, "RGB565"), word, "RGB24"), bytes({0, 4, 255}));
    EXPECT_EQ(converted(shape(1, 1, "BGR565"), word, "RGB24"), bytes({255, 4, 0}));
    EXPECT_EQ(converted(shape(1, 1, "RGB555"), word, "RGB24"), bytes({0, 8, 255}));
    EXPECT_EQ(converted(shape(1, 1, "BGR555"), word, "RGB24"), bytes({255, 8, 0}));
}

TEST(ConvertWide, OrdersOfWords) {
    const Bytes four = words({1000, 2000, 3000, 4000});
    EXPECT_EQ(converted(shape(1, 1, "BGRA64"), four, "RGBA64"), words({3000, 2000, 1000, 4000}));
    EXPECT_EQ(converted(shape(1, 1, "RGBX64"), four, "BGRA64"), words({3000, 2000, 1000, 65535}));
    EXPECT_EQ(converted(shape(1, 1, "BGRX64"), four, "RGB48"), words({3000, 2000, 1000}));
    EXPECT_EQ(converted(shape(1, 1, "BGR48"), words({1, 2, 3}), "RGBX64"), words({3, 2, 1, 65535}));
}

TEST(ConvertWide, TenBitsOfAWord) {
    // Alpha 2, red 1023, green 512, blue 1.
    const Bytes word = bytes({0x01, 0x00, 0xF8, 0xBF});
    EXPECT_EQ(converted(shape(1, 1, "X2RGB10"), word, "RGB48"), words({65535, 32800, 64}));
    EXPECT_EQ(converted(shape(1, 1, "X2BGR10"), word, "RGB48"), words({64, 32800, 65535}));
    EXPECT_EQ(converted(shape(1, 1, "A2RGB10"), word, "RGBA64"), words({65535, 32800, 64, 43690}));
    EXPECT_EQ(converted(shape(1, 1, "A2BGR10"), word, "RGBA32"), bytes({0, 128, 255, 170}));
    EXPECT_EQ(converted(shape(1, 1, "X2RGB10"), word, "BGRA32"), bytes({0, 128, 255, 255}));
}

TEST(ConvertWide, FloatsOfColours) {
    const Bytes three = floats({0.0F, 0.5F, 1.0F});
    EXPECT_EQ(converted(shape(1, 1, "RGBF32"), three, "RGB48"), words({0, 32768, 65535}));
    EXPECT_EQ(converted(shape(1, 1, "BGRF32"), three, "RGB24"), bytes({255, 128, 0}));
    const Bytes four = floats({2.0F, -1.0F, kNotANumber, 0.25F});
    EXPECT_EQ(converted(shape(1, 1, "RGBAF32"), four, "RGBA64"), words({65535, 0, 0, 16384}));
    EXPECT_EQ(converted(shape(1, 1, "RGBAF32"), four, "RGB24"), bytes({255, 0, 0}));
}

// ---- grey --------------------------------------------------------------------------------------

TEST(ConvertWide, GreyOfFewerBitsReachesBothEnds) {
    EXPECT_EQ(converted(shape(3, 1, "GRAY10"), words({0, 512, 1023}), "GRAY16"),
              words({0, 32800, 65535}));
    EXPECT_EQ(converted(shape(3, 1, "GRAY12"), words({0, 2048, 4095}), "GRAY16"),
              words({0, 32776, 65535}));
    EXPECT_EQ(converted(shape(3, 1, "GRAY14"), words({0, 8192, 16383}), "GRAY16"),
              words({0, 32770, 65535}));
    EXPECT_EQ(converted(shape(3, 1, "GRAY10"), words({0, 512, 1023}), "GRAY8"),
              bytes({0, 128, 255}));
    EXPECT_EQ(converted(shape(1, 1, "GRAY12"), words({4095}), "RGB24"), bytes({255, 255, 255}));
}

// Bits that the format does not use are no reason for a picture of noise.
TEST(ConvertWide, GreyWithTooLargeSamplesIsWhite) {
    EXPECT_EQ(converted(shape(2, 1, "GRAY10"), words({1024, 65535}), "GRAY16"),
              words({65535, 65535}));
}

TEST(ConvertWide, PackedGreyIsUnpacked) {
    // RAW10: 0x3FF, 0x001, 0x2AA, 0x155, and a fifth pixel 0x202 in a group of its own.
    const Bytes raw10 =
        bytes({0xFF, 0x00, 0xAA, 0x55, 0b01'10'01'11, 0x80, 7, 7, 7, 0b11'11'11'10});
    EXPECT_EQ(
        converted(shape(5, 1, "GRAY10P"), raw10, "GRAY16"),
        converted(shape(5, 1, "GRAY10"), words({0x3FF, 0x001, 0x2AA, 0x155, 0x202}), "GRAY16"));
    // RAW12: 0xFFF, 0x001, 0xABC.
    const Bytes raw12 = bytes({0xFF, 0x00, 0x1F, 0xAB, 7, 0xFC});
    EXPECT_EQ(converted(shape(3, 1, "GRAY12P"), raw12, "GRAY16"),
              converted(shape(3, 1, "GRAY12"), words({0xFFF, 0x001, 0xABC}), "GRAY16"));
}

TEST(ConvertWide, FloatGreyIsBetweenZeroAndOne) {
    const Bytes pixels =
        floats({0.0F, 1.0F, 0.5F, -0.5F, 1.5F, kNotANumber, kInfinity, -kInfinity});
    EXPECT_EQ(converted(shape(8, 1, "GRAYF32"), pixels, "GRAY16"),
              words({0, 65535, 32768, 0, 65535, 0, 65535, 0}));
    EXPECT_EQ(converted(shape(8, 1, "GRAYF32"), pixels, "GRAY8"),
              bytes({0, 255, 128, 0, 255, 0, 255, 0}));
}

// ---- levels ------------------------------------------------------------------------------------

TEST(ConvertLevels, AreBlackAndWhite) {
    const Bytes grey = words({0, 1000, 1800, 2000, 65535});
    EXPECT_EQ(converted(shape(5, 1, "GRAY16"), grey, "GRAY8", levels(1000, 2000)),
              bytes({0, 0, 204, 255, 255}));
    EXPECT_EQ(converted(shape(5, 1, "GRAY16"), grey, "GRAY16", levels(1000, 2000)),
              words({0, 0, 52428, 65535, 65535}));
    EXPECT_EQ(converted(shape(5, 1, "GRAY16"), grey, "GRAY8", levels(2000, 1000)),
              bytes({255, 255, 51, 0, 0}));
    EXPECT_EQ(converted(shape(3, 1, "GRAYF32"), floats({2.0F, 4.0F, 6.0F}), "GRAY8", levels(2, 6)),
              bytes({0, 128, 255}));
    EXPECT_EQ(converted(shape(1, 1, "RGB48"), words({100, 180, 200}), "RGB24", levels(100, 200)),
              bytes({0, 204, 255}));
    EXPECT_EQ(
        converted(shape(2, 2, "RGGB10"), words({100, 100, 100, 100}), "RGB24", levels(0, 100)),
        Bytes(12, std::byte{255}));
}

TEST(ConvertLevels, LeaveAlphaAndEightBitsAlone) {
    EXPECT_EQ(
        converted(shape(1, 1, "RGBA64"), words({100, 180, 200, 1000}), "RGBA64", levels(100, 200)),
        words({0, 52428, 65535, 1000}));
    EXPECT_EQ(
        converted(shape(1, 1, "RGBAF32"), floats({1.0F, 2.0F, 3.0F, 0.5F}), "RGBA32", levels(1, 3)),
        bytes({0, 128, 255, 128}));
    EXPECT_EQ(converted(shape(2, 1, "GRAY8"), bytes({1, 2}), "GRAY8", levels(1, 2)), bytes({1, 2}));
    EXPECT_EQ(converted(shape(1, 1, "S416"), words({60160, 32768, 32768}), "GRAY8", levels(1, 2)),
              bytes({255}));
}

TEST(ConvertLevels, MustDiffer) {
    const Bytes pixels(2);
    const auto view = ImageView::make(shape(1, 1, "GRAY16"), pixels).value();
    for (const ConvertOptions& options : {levels(5, 5), levels(0, kNotANumber),
                                          levels(-std::numeric_limits<double>::infinity(), 1)})
        EXPECT_EQ(convert_image(view, kFourccGray8, options).error().code, Code::kUsage);
}

TEST(SampleLevels, AreTheSmallestAndTheLargestSample) {
    const auto found = [](const char* format, std::uint32_t width, const Bytes& pixels) {
        return sample_levels(ImageView::make(shape(width, 1, format), pixels).value()).value();
    };
    const auto grey = found("GRAY16", 3, words({500, 100, 300}));
    ASSERT_TRUE(grey);
    EXPECT_EQ(grey->black, 100);
    EXPECT_EQ(grey->white, 500);
    const auto real = found("GRAYF32", 4, floats({kNotANumber, -2.5F, 7.0F, kInfinity}));
    ASSERT_TRUE(real);
    EXPECT_EQ(real->black, -2.5);
    EXPECT_EQ(real->white, 7);
    const auto color = found("RGBAF32", 1, floats({3.0F, 4.0F, 5.0F, 100.0F}));
    ASSERT_TRUE(color);
    EXPECT_EQ(color->white, 5);
    const auto words_with_alpha = found("RGBA64", 1, words({3, 4, 5, 100}));
    ASSERT_TRUE(words_with_alpha);
    EXPECT_EQ(words_with_alpha->white, 5);
    EXPECT_FALSE(found("GRAY16", 2, words({7, 7})));
    EXPECT_FALSE(found("GRAYF32", 1, floats({kNotANumber})));
    EXPECT_FALSE(found("GRAY8", 2, bytes({1, 2})));
    EXPECT_FALSE(found("S416", 1, words({1, 2, 3})));
    const Bytes index(1);
    EXPECT_EQ(sample_levels(ImageView::make(shape(1, 1, "PAL8"), index).value()).error().code,
              Code::kUsage);
}

}  // namespace
}  // namespace mapferry::testing
