// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image_convert.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "support/byte_list.h"
#include "support/sanitizer.h"

namespace mapferry {
namespace {

using testing::Bytes;
using testing::bytes;

ImageDescription shape(std::uint32_t width, std::uint32_t height, const char* format) {
    return describe_raw_image(width, height, format).value();
}

std::uint32_t fourcc_of(const char* format) {
    return shape(1, 1, format).fourcc;
}

// Converts one packed row.
Bytes converted(const Bytes& pixels, std::uint32_t width, const char* from, const char* to) {
    const auto view = ImageView::make(shape(width, 1, from), pixels);
    if (!view) return {};
    const auto image = convert_image(*view, fourcc_of(to));
    if (!image) return {};
    return {image->bytes().begin(), image->bytes().end()};
}

// ---- views -------------------------------------------------------------------------------------

TEST(ImageView, RefusesRowsPastTheBytes) {
    const Bytes pixels(5 * 3 * 3);
    EXPECT_TRUE(ImageView::make(shape(5, 3, "BGR24"), pixels));
    const auto result = ImageView::make(shape(5, 3, "BGR24"), std::span(pixels).first(44));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kUsage);
}

TEST(ImageView, RefusesShapesWhoseSizeOverflows) {
    const Bytes pixels(64);
    ImageDescription image = shape(5, 3, "BGR24");
    image.row_stride_bytes = std::numeric_limits<std::uint64_t>::max() / 2;
    EXPECT_FALSE(ImageView::make(image, pixels));
    image.row_stride_bytes = (std::uint64_t{1} << 63) + 1;
    image.height = 2;
    EXPECT_FALSE(ImageView::make(image, pixels));
    image.row_stride_bytes = 14;  // less than a row needs
    EXPECT_FALSE(ImageView::make(image, pixels));
    EXPECT_FALSE(Image::allocate(image));
}

TEST(ImageView, RefusesEncodedPixels) {
    const Bytes pixels(64);
    const ImageDescription png{.width = 2, .height = 2, .fourcc = kFourccPng};
    EXPECT_FALSE(ImageView::make(png, pixels));
    EXPECT_FALSE(Image::allocate(png));
}

TEST(ImageView, RowZeroIsTheTopOneInEitherOrder) {
    const Bytes pixels = bytes({1, 2, 0, 0, 3, 4, 0, 0});
    ImageDescription image = shape(2, 2, "GRAY8");
    image.row_stride_bytes = 4;
    EXPECT_EQ(ImageView::make(image, pixels)->row(0)[0], std::byte{1});
    image.orientation = Orientation::kBottomUp;
    const auto view = ImageView::make(image, pixels);
    EXPECT_EQ(view->row(0)[0], std::byte{3});
    EXPECT_EQ(view->row(1)[1], std::byte{2});
    EXPECT_EQ(view->row_bytes(), 2u);
}

TEST(Image, TooLargeForMemoryIsAnError) {
    if (testing::kSanitized) GTEST_SKIP() << "sanitizers end the process instead";
    const auto image = Image::allocate({.width = 1 << 30,
                                        .height = 1 << 30,
                                        .row_stride_bytes = std::uint64_t{1} << 30,
                                        .fourcc = kFourccGray8,
                                        .bits_per_pixel = 8,
                                        .orientation = Orientation::kTopDown});
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Code::kOutOfMemory);
}

// ---- formats -----------------------------------------------------------------------------------

TEST(Convert, PutsColoursInOrder) {
    const Bytes bgra = bytes({1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(converted(bgra, 2, "BGRA32", "BGR24"), bytes({1, 2, 3, 5, 6, 7}));
    EXPECT_EQ(converted(bgra, 2, "BGRA32", "RGB24"), bytes({3, 2, 1, 7, 6, 5}));
    EXPECT_EQ(converted(bgra, 2, "BGRA32", "RGBA32"), bytes({3, 2, 1, 4, 7, 6, 5, 8}));
    EXPECT_EQ(converted(bgra, 2, "BGRA32", "RGBX32"), bytes({3, 2, 1, 255, 7, 6, 5, 255}));
    EXPECT_EQ(converted(bgra, 2, "BGRX32", "BGRA32"), bytes({1, 2, 3, 255, 5, 6, 7, 255}));
    EXPECT_EQ(converted(bgra, 2, "RGBA32", "BGRX32"), bytes({3, 2, 1, 255, 7, 6, 5, 255}));
    EXPECT_EQ(converted(bgra, 2, "RGBX32", "RGB24"), bytes({1, 2, 3, 5, 6, 7}));
}

TEST(Convert, ToItselfIsACopy) {
    const Bytes pixels = bytes({1, 2, 3, 4, 5, 6, 7, 8});
    for (const char* format : {"BGRX32", "GRAY16", "GRAY8", "RGBA32"}) {
        const auto width = static_cast<std::uint32_t>(64 / shape(1, 1, format).bits_per_pixel);
        EXPECT_EQ(converted(pixels, width, format, format), pixels) << format;
    }
}

TEST(Convert, GreyHasTheWeightsOfBt601) {
    const Bytes bgr = bytes({0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255});
    EXPECT_EQ(converted(bgr, 4, "BGR24", "GRAY8"), bytes({76, 150, 29, 255}));
    EXPECT_EQ(converted(bytes({7, 255}), 2, "GRAY8", "RGB24"), bytes({7, 7, 7, 255, 255, 255}));
    EXPECT_EQ(converted(bytes({0x34, 0x12}), 1, "GRAY16", "GRAY8"), bytes({0x12}));
    EXPECT_EQ(converted(bytes({0x12, 255}), 2, "GRAY8", "GRAY16"), bytes({0x12, 0x12, 255, 255}));
}

TEST(Convert, FewBitsReachBothEnds) {
    const Bytes white565 = bytes({0xFF, 0xFF, 0x00, 0xF8, 0xE0, 0x07, 0x1F, 0x00});
    EXPECT_EQ(converted(white565, 4, "RGB565", "RGB24"),
              bytes({255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255}));
    EXPECT_EQ(converted(white565, 4, "BGR565", "BGR24"), converted(white565, 4, "RGB565", "RGB24"));
    const Bytes white555 = bytes({0xFF, 0x7F, 0x00, 0x7C, 0xE0, 0x03, 0x1F, 0x80});
    EXPECT_EQ(converted(white555, 4, "RGB555", "RGB24"),
              bytes({255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255}));
}

TEST(Convert, FiveAndSixBitsAreScaledExactly) {
    for (int value = 0; value < 64; ++value) {
        const int word = (value & 31) << 11 | value << 5 | (31 - (value & 31));
        const auto five = [](int v) { return (v * 255 * 2 + 31) / 62; };  // rounded
        const int green = (value * 255 * 2 + 63) / 126;
        EXPECT_EQ(converted(bytes({word & 0xFF, word >> 8}), 1, "RGB565", "RGB24"),
                  bytes({five(value & 31), green, five(31 - (value & 31))}))
            << value;
        const int narrow = (value & 31) << 10 | (value & 31) << 5 | (value & 31);
        EXPECT_EQ(converted(bytes({narrow & 0xFF, narrow >> 8}), 1, "RGB555", "RGB24"),
                  bytes({five(value & 31), five(value & 31), five(value & 31)}))
            << value;
    }
}

TEST(Convert, SixteenBitsStaySixteenBits) {
    const Bytes rgba64 = bytes({0x01, 0x10, 0x02, 0x20, 0x03, 0x30, 0x04, 0x40});
    EXPECT_EQ(converted(rgba64, 1, "RGBA64", "RGB48"), bytes({0x01, 0x10, 0x02, 0x20, 0x03, 0x30}));
    EXPECT_EQ(converted(bytes({1, 2, 3, 4, 5, 6}), 1, "RGB48", "RGBA64"),
              bytes({1, 2, 3, 4, 5, 6, 255, 255}));
    EXPECT_EQ(converted(bytes({0x34, 0x12}), 1, "GRAY16", "RGB48"),
              bytes({0x34, 0x12, 0x34, 0x12, 0x34, 0x12}));
    EXPECT_EQ(converted(bytes({0x34, 0x12, 0x34, 0x12, 0x34, 0x12}), 1, "RGB48", "GRAY16"),
              bytes({0x34, 0x12}));
}

TEST(Convert, SixteenBitsAndEightBecomeEachOtherRounded) {
    EXPECT_EQ(converted(bytes({0x12, 0x34, 0x56}), 1, "BGR24", "RGB48"),
              bytes({0x56, 0x56, 0x34, 0x34, 0x12, 0x12}));
    // 257 steps of 16 bits are one step of 8 bits.
    EXPECT_EQ(converted(bytes({128, 0, 129, 0, 0xFF, 0xFF}), 1, "RGB48", "RGB24"),
              bytes({0, 1, 255}));
    EXPECT_EQ(converted(bytes({1, 2, 3, 4}), 1, "BGRA32", "RGBA64"),
              bytes({3, 3, 2, 2, 1, 1, 4, 4}));
}

TEST(Convert, YuyvHasVideoLevels) {
    EXPECT_EQ(converted(bytes({235, 128, 16, 128}), 2, "YUYV", "RGB24"),
              bytes({255, 255, 255, 0, 0, 0}));
    const Bytes red = converted(bytes({81, 90, 81, 240}), 2, "YUYV", "RGB24");
    ASSERT_EQ(red.size(), 6u);
    EXPECT_GE(std::to_integer<int>(red[0]), 253);
    EXPECT_LE(std::to_integer<int>(red[1]), 2);
    EXPECT_LE(std::to_integer<int>(red[2]), 2);
}

// A row of 1025 pixels is longer than two pieces of the conversion, and its width is odd.
TEST(Convert, LongRowsAreWhole) {
    constexpr std::uint32_t kWidth = 1025;
    Bytes pixels(std::size_t{kWidth} * 3);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::byte>(i * 7 & 0xFF);
    const Bytes there = converted(pixels, kWidth, "BGR24", "RGBA32");
    EXPECT_EQ(converted(there, kWidth, "RGBA32", "BGR24"), pixels);
    EXPECT_EQ(
        converted(Bytes((std::size_t{kWidth} + 1) * 2, std::byte{128}), kWidth, "YUYV", "GRAY8"),
        Bytes(kWidth, std::byte{130}));
}

TEST(Convert, IntoKeepsPaddingAndTurnsRows) {
    const Bytes pixels = bytes({1, 2, 3, 4, 5, 6});  // top-down, three rows of two
    const auto view = ImageView::make(shape(2, 3, "GRAY8"), pixels);
    ImageDescription target = shape(2, 3, "GRAY8");
    target.row_stride_bytes = 4;
    target.orientation = Orientation::kBottomUp;
    Bytes out(12, std::byte{9});
    ASSERT_TRUE(convert_image_into(*view, target, out));
    EXPECT_EQ(out, bytes({5, 6, 9, 9, 3, 4, 9, 9, 1, 2, 9, 9}));
    const auto turned = convert_image(*ImageView::make(target, out), kFourccGray8);
    ASSERT_TRUE(turned);
    EXPECT_TRUE(std::ranges::equal(turned->bytes(), pixels));
}

TEST(Convert, RefusesWhatItCannotDo) {
    const Bytes pixels(64);
    const auto grey = ImageView::make(shape(2, 2, "GRAY8"), pixels);
    EXPECT_FALSE(convert_image(*grey, kFourccRgb565));
    EXPECT_FALSE(convert_image(*grey, kFourccRggb8));
    EXPECT_FALSE(convert_image(*grey, kFourccPng));
    EXPECT_FALSE(convert_image(*ImageView::make(shape(2, 2, "PAL8"), pixels), kFourccBgr24));
    Bytes out(64);
    EXPECT_FALSE(convert_image_into(*grey, shape(2, 3, "GRAY8"), out));
    EXPECT_FALSE(convert_image_into(*grey, shape(2, 2, "BGR24"), std::span(out).first(11)));
    EXPECT_TRUE(convert_image_into(*grey, shape(2, 2, "BGR24"), std::span(out).first(12)));
}

TEST(Convert, NamesWhatItCanDo) {
    EXPECT_TRUE(can_convert_from(kFourccYuyv));
    EXPECT_TRUE(can_convert_to(kFourccYuyv));
    EXPECT_TRUE(can_convert_to(kFourccGray16));
    EXPECT_FALSE(can_convert_to(kFourccP010));
    EXPECT_FALSE(can_convert_to(kFourccRggb8));
    EXPECT_FALSE(can_convert_from(kFourccPal8));
}

}  // namespace
}  // namespace mapferry
