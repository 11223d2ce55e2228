// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "console/serve/array_picture.h"
#include "console/serve/color_maps.h"
#include "console/serve/picture_encode.h"
#include "console/serve/picture_render.h"
#include "mapferry/image_file.h"

namespace mapferry::cli {
namespace {

template <typename Sample>
Image image_of(const char* format, std::uint32_t width, const std::vector<Sample>& samples) {
    const auto count = static_cast<std::uint32_t>(samples.size());
    auto probe = describe_raw_image(width, 1, format);
    const auto row_samples = static_cast<std::uint32_t>(probe->row_stride_bytes / sizeof(Sample));
    auto image = Image::allocate(*describe_raw_image(width, count / row_samples, format));
    std::memcpy(image->bytes().data(), samples.data(), samples.size() * sizeof(Sample));
    return std::move(*image);
}

std::vector<int> bytes_of(const Image& image) {
    std::vector<int> values;
    for (const std::byte value : image.bytes())
        values.push_back(std::to_integer<int>(value));
    return values;
}

std::vector<int> rendered(const Image& image, const ViewSettings& settings) {
    const auto made = render_picture(image.view(), settings);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? bytes_of(made->pixels) : std::vector<int>{};
}

TEST(PictureRender, LeavesEightBitsAsTheyAre) {
    const Image grey = image_of<std::uint8_t>("GRAY8", 3, {0, 99, 255});
    EXPECT_EQ(rendered(grey, {}), (std::vector<int>{0, 99, 255}));
    const Image bgr = image_of<std::uint8_t>("BGR24", 1, {1, 2, 3});
    EXPECT_EQ(rendered(bgr, {}), (std::vector<int>{3, 2, 1}));
}

TEST(PictureRender, GivenLevelsStretchWhatIsBetweenThem) {
    const ViewSettings settings{.levels = LevelsChoice::kGiven, .black = 100, .white = 200};
    const Image narrow = image_of<std::uint8_t>("GRAY8", 5, {0, 100, 140, 200, 255});
    EXPECT_EQ(rendered(narrow, settings), (std::vector<int>{0, 0, 102, 255, 255}));
    const Image wide = image_of<std::uint16_t>("GRAY12", 5, {0, 100, 140, 200, 4095});
    EXPECT_EQ(rendered(wide, settings), (std::vector<int>{0, 0, 102, 255, 255}));
}

TEST(PictureRender, AutomaticLevelsAreThePicturesExtremes) {
    const ViewSettings settings{.levels = LevelsChoice::kAuto};
    const auto narrow =
        render_picture(image_of<std::uint8_t>("GRAY8", 3, {50, 75, 100}).view(), settings);
    ASSERT_TRUE(narrow && narrow->levels);
    EXPECT_EQ(bytes_of(narrow->pixels), (std::vector<int>{0, 128, 255}));
    EXPECT_EQ(narrow->levels->black, 50);
    EXPECT_EQ(narrow->levels->white, 100);
    const Image wide = image_of<std::uint16_t>("GRAY16", 3, {500, 750, 1000});
    EXPECT_EQ(rendered(wide, settings), (std::vector<int>{0, 128, 255}));
    const Image flat = image_of<std::uint8_t>("GRAY8", 2, {7, 7});
    EXPECT_EQ(rendered(flat, settings), (std::vector<int>{7, 7}));
}

TEST(PictureRender, FloatsAreShownBetweenTheirExtremesAtFirst) {
    const Image heat = image_of<float>("GRAYF32", 4, {-10, 0, 10, NAN});
    EXPECT_EQ(rendered(heat, {}), (std::vector<int>{0, 128, 255, 0}));
}

TEST(PictureRender, PatternIsShownRawOrInColours) {
    const Image bayer = image_of<std::uint16_t>("RGGB10", 2, {0, 1023, 341, 682});
    EXPECT_EQ(rendered(bayer, {.bayer = BayerShown::kRaw}), (std::vector<int>{0, 255, 85, 170}));
    EXPECT_EQ(rendered(bayer, {}).size(), 12U);
}

TEST(PictureRender, MapGivesGreysColours) {
    const Image grey = image_of<std::uint8_t>("GRAY8", 3, {0, 128, 255});
    EXPECT_EQ(rendered(grey, {.map = ColorMap::kClipped}),
              (std::vector<int>{0, 60, 255, 128, 128, 128, 255, 40, 30}));
    const Image color = image_of<std::uint8_t>("RGB24", 1, {1, 2, 3});
    EXPECT_EQ(rendered(color, {.map = ColorMap::kTurbo}), (std::vector<int>{1, 2, 3}));
}

TEST(ColorMaps, OfScienceGrowBrighterFromEndToEnd) {
    const auto brightness = [](const Rgb& color) {
        return 0.2126 * color.red + 0.7152 * color.green + 0.0722 * color.blue;
    };
    for (const ColorMap map : {ColorMap::kViridis, ColorMap::kInferno}) {
        const ColorTable& table = color_table(map);
        for (std::size_t i = 8; i < table.size(); ++i)
            EXPECT_GT(brightness(table[i]), brightness(table[i - 8])) << i;
    }
    // Points of Matplotlib's and Google's tables.
    const auto near = [](const Rgb& a, const Rgb& b) {
        return std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue) <
               16;
    };
    EXPECT_TRUE(near(color_table(ColorMap::kViridis).front(), {68, 1, 84}));
    EXPECT_TRUE(near(color_table(ColorMap::kViridis).back(), {253, 231, 37}));
    EXPECT_TRUE(near(color_table(ColorMap::kInferno).front(), {0, 0, 4}));
    EXPECT_TRUE(near(color_table(ColorMap::kTurbo)[64], {40, 188, 235}));
}

TEST(PictureEncode, PngIsWithoutLoss) {
    std::vector<std::uint8_t> samples(3 * 7 * 5);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::uint8_t>(i * 37);
    const Image image = image_of<std::uint8_t>("RGB24", 7, samples);
    const auto png = encode_quick_png(image.view());
    ASSERT_TRUE(png);
    const auto back = decode_image(std::as_bytes(std::span(*png)));
    ASSERT_TRUE(back);
    const auto rgb = convert_image(back->view(), kFourccRgb24);
    ASSERT_TRUE(rgb);
    EXPECT_EQ(bytes_of(*rgb), bytes_of(image));
}

TEST(PictureEncode, JpegIsAlmostThePicture) {
    const Image image = image_of<std::uint8_t>("BGR24", 16, std::vector<std::uint8_t>(768, 90));
    const auto jpeg = encode_jpeg(image.view(), 90);
    ASSERT_TRUE(jpeg);
    const auto back = decode_image(std::as_bytes(std::span(*jpeg)));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->description().width, 16U);
    for (const int value : bytes_of(*back))
        EXPECT_NEAR(value, 90, 2);
    EXPECT_FALSE(encode_jpeg(image_of<std::uint16_t>("GRAY16", 1, {1}).view(), 90));
}

template <typename Element, std::size_t kDimensions>
Result<ArrayPicture> array_of(const char* type, const std::array<std::uint64_t, kDimensions>& shape,
                              const std::vector<Element>& elements, std::uint64_t layer = 0) {
    return picture_of_array(*describe_tensor(type, shape), std::as_bytes(std::span(elements)),
                            layer);
}

std::vector<float> floats_of(const ArrayPicture& picture) {
    std::vector<float> floats(picture.converted_bytes.size() / sizeof(float));
    std::memcpy(floats.data(), picture.converted_bytes.data(), picture.converted_bytes.size());
    return floats;
}

TEST(ArrayPicture, LastTwoDimensionsAreRowsAndColumns) {
    const auto made = array_of<float>("float32", std::array<std::uint64_t, 3>{2, 5, 7},
                                      std::vector<float>(70), 1);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->description.width, 7U);
    EXPECT_EQ(made->description.height, 5U);
    EXPECT_EQ(made->layer_count, 2U);
    EXPECT_EQ(made->offset_bytes, 35 * sizeof(float));
    EXPECT_EQ(made->description.fourcc, kFourccGrayf32);
}

TEST(ArrayPicture, ThreeLastNumbersAreColours) {
    const auto made = array_of<std::uint8_t>("uint8", std::array<std::uint64_t, 3>{4, 6, 3},
                                             std::vector<std::uint8_t>(72));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->description.fourcc, kFourccRgb24);
    EXPECT_EQ(made->description.width, 6U);
}

TEST(ArrayPicture, OtherNumbersBecomeFloats) {
    const std::array<std::uint64_t, 1> three{3};
    EXPECT_EQ(floats_of(*array_of<std::int16_t>("int16", three, {-5, 0, 300})),
              (std::vector<float>{-5, 0, 300}));
    EXPECT_EQ(floats_of(*array_of<double>("float64", three, {0.5, -1, 2})),
              (std::vector<float>{0.5, -1, 2}));
    EXPECT_EQ(floats_of(*array_of<std::uint16_t>("float16", three, {0x3C00, 0xC000, 0x0001})),
              (std::vector<float>{1, -2, std::ldexp(1.0F, -24)}));
    EXPECT_EQ(floats_of(*array_of<std::uint16_t>("bfloat16", three, {0x3F80, 0xC000, 0})),
              (std::vector<float>{1, -2, 0}));
    EXPECT_EQ(floats_of(*array_of<std::uint8_t>("bool", three, {1, 0, 1})),
              (std::vector<float>{1, 0, 1}));
}

TEST(ArrayPicture, WhatIsNoPictureIsRefused) {
    EXPECT_FALSE(array_of<double>("complex128", std::array<std::uint64_t, 1>{1}, {1, 2}));
    EXPECT_FALSE(array_of<float>("float32", std::array<std::uint64_t, 2>{0, 4}, {}));
    EXPECT_FALSE(array_of<float>("float32", std::array<std::uint64_t, 2>{4, 4}, {1}));
    EXPECT_FALSE(array_of<std::uint8_t>("uint8", std::array<std::uint64_t, 1>{70'000},
                                        std::vector<std::uint8_t>(70'000)));
}

}  // namespace
}  // namespace mapferry::cli
