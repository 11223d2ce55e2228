// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image.h"
#include "format/image_record.h"
#include "format/layout.h"

#include <gtest/gtest.h>

#include <string>

namespace mapferry {
namespace {

ImageDescription frame() {
    return {.width = 5,
            .height = 3,
            .row_stride_bytes = 16,
            .fourcc = kFourccBgr24,
            .bits_per_pixel = 24,
            .orientation = Orientation::kTopDown};
}

void expect_corrupt_image(const ImageDescription& image, const std::string& field_and_value) {
    const auto result = image_from_record(to_record(image));
    ASSERT_FALSE(result) << field_and_value;
    EXPECT_EQ(result.error().code, Code::kCorrupt);
    EXPECT_NE(result.error().message.find(field_and_value), std::string::npos)
        << result.error().message;
}

TEST(Fourcc, HasTheBytesInTheOrderOfTheLetters) {
    static_assert(fourcc('B', 'G', 'R', '3') == 0x33524742);
    static_assert(fourcc('\xFF', 0, 0, '\x80') == 0x800000FF);
}

TEST(PixelFormatName, KnowsEveryFormat) {
    struct Row {
        std::uint32_t fourcc;
        const char* name;
    };
    const Row rows[] = {
        {kFourccBgr24, "BGR24"},
        {kFourccRgb24, "RGB24"},
        {kFourccBgrx32, "BGRX32"},
        {kFourccBgra32, "BGRA32"},
        {kFourccRgb565, "RGB565"},
        {kFourccRgb555, "RGB555"},
        {kFourccGray8, "GRAY8"},
        {kFourccPal8, "PAL8"},
        {kFourccPal4, "PAL4"},
        {kFourccPal1, "PAL1"},
        {kFourccBitfields, "BITFIELDS"},
        {kFourccRle8, "RLE8"},
        {kFourccRle4, "RLE4"},
        {kFourccPng, "PNG"},
        {kFourccJpeg, "JPEG"},
        {kFourccGif, "GIF"},
        {kFourccPnm, "PNM"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(pixel_format_name(row.fourcc), row.name);
}

TEST(PixelFormatName, OfUnknownCodeIsEscaped) {
    EXPECT_EQ(pixel_format_name(fourcc('N', 'V', '1', '2')), "NV12");
    EXPECT_EQ(pixel_format_name(fourcc('a', '\n', '\x1B', '\xFF')), "a\\x0a\\x1b\\xff");
    EXPECT_EQ(pixel_format_name(fourcc('\\', 'x', '0', '0')), "\\x5cx00");
    EXPECT_EQ(pixel_format_name(0), "\\x00\\x00\\x00\\x00");
}

TEST(ImageToString, NamesSizeAndFormat) {
    EXPECT_EQ(to_string(frame()), "5x3 BGR24");
    EXPECT_EQ(to_string(ImageDescription{.width = 3840, .height = 2160, .fourcc = kFourccPng}),
              "3840x2160 PNG");
}

TEST(ImageRecord, RoundTripKeepsEveryField) {
    EXPECT_EQ(*image_from_record(to_record(frame())), frame());
}

TEST(ImageRecord, RoundTripKeepsNoImage) {
    const layout::ImageRecord record = to_record(std::nullopt);
    EXPECT_EQ(record.width | record.height | record.fourcc | record.color, 0u);
    const auto result = image_from_record(record);
    ASSERT_TRUE(result);
    EXPECT_FALSE(*result);
}

TEST(ImageFromRecord, RefusesMissingSidesAndFormat) {
    ImageDescription image = frame();
    image.width = 0;
    expect_corrupt_image(image, "width is 0");
    image = frame();
    image.height = 0;
    expect_corrupt_image(image, "height is 0");
    image = frame();
    image.fourcc = 0;
    expect_corrupt_image(image, "fourcc is 0");
}

TEST(ImageFromRecord, RefusesUnknownOrientation) {
    ImageDescription image = frame();
    image.orientation = static_cast<Orientation>(3);
    expect_corrupt_image(image, "orientation is 3");
}

TEST(ImageFromRecord, RefusesStrideUnderARow) {
    ImageDescription image = frame();
    image.row_stride_bytes = 15;
    EXPECT_TRUE(image_from_record(to_record(image)));
    image.row_stride_bytes = 14;
    expect_corrupt_image(image, "row_stride_bytes is 14");
    image = {
        .width = 9, .height = 1, .row_stride_bytes = 1, .fourcc = kFourccPal1, .bits_per_pixel = 1};
    expect_corrupt_image(image, "row_stride_bytes is 1");
}

// Otherwise the stride would be checked against 8 bits and the pixels read as 24.
TEST(ImageFromRecord, RefusesBitsThatAreNotTheFormats) {
    ImageDescription image = frame();
    image.bits_per_pixel = 8;
    expect_corrupt_image(image, "bits_per_pixel is 8");
    image.fourcc = kFourccBitfields;
    image.bits_per_pixel = 0;
    expect_corrupt_image(image, "bits_per_pixel is 0");
}

TEST(ImageFromRecord, RefusesStrideOfEncodedAndNoStrideOfRawPixels) {
    ImageDescription image = frame();
    image.row_stride_bytes = 0;
    expect_corrupt_image(image, "row_stride_bytes is 0");
    image.fourcc = kFourccPng;
    EXPECT_TRUE(image_from_record(to_record(image)));
    image.row_stride_bytes = 16;
    expect_corrupt_image(image, "row_stride_bytes is 16");
}

TEST(ImageFromRecord, RefusesProductPast63Bits) {
    ImageDescription image = frame();
    image.height = 2;
    image.row_stride_bytes = (std::uint64_t{1} << 62) - 1;
    EXPECT_TRUE(image_from_record(to_record(image)));
    image.row_stride_bytes = std::uint64_t{1} << 62;
    expect_corrupt_image(image, "height is 2");
    image.row_stride_bytes = ~std::uint64_t{0};
    expect_corrupt_image(image, "height is 2");
    image = {.width = 0xFFFFFFFF,
             .height = 0xFFFFFFFF,
             .fourcc = kFourccPng,
             .bits_per_pixel = 0xFFFFFFFF};
    expect_corrupt_image(image, "height is 4294967295");
}

TEST(ImageFromRecord, TakesFormatsThatItDoesNotKnow) {
    ImageDescription image = frame();
    image.fourcc = fourcc('N', 'E', 'W', '!');
    EXPECT_EQ(*image_from_record(to_record(image)), image);
    image.row_stride_bytes = 14;
    expect_corrupt_image(image, "row_stride_bytes is 14");
}

}  // namespace
}  // namespace mapferry
