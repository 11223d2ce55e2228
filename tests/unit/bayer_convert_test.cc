// SPDX-License-Identifier: Apache-2.0
// Bayer patterns: bilinear between samples, mirrored behind the edges.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "support/pixels.h"

namespace mapferry::testing {
namespace {

constexpr std::array kPatterns = {"RGGB8", "GRBG8", "GBRG8", "BGGR8"};

// The colour of a pattern's sample: its name has those of the first four.
char color_at(const std::string& pattern, std::uint32_t x, std::uint32_t y) {
    return pattern[std::size_t{y % 2 * 2 + x % 2}];
}

// What a sensor sees of a picture of one colour.
Bytes mosaic(const std::string& pattern, std::uint32_t width, std::uint32_t height,
             const std::array<int, 3>& rgb) {
    Bytes samples;
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const char color = color_at(pattern, x, y);
            samples.push_back(std::byte(rgb[color == 'R' ? 0 : color == 'G' ? 1 : 2]));
        }
    return samples;
}

TEST(BayerConvert, SamplesAreInterpolated) {
    const Bytes samples = bytes({10, 20, 30, 40,      // R G R G
                                 50, 60, 70, 80,      // G B G B
                                 90, 100, 110, 120,   // R G R G
                                 130, 140, 150, 160}  // G B G B
    );
    const Bytes rgb = converted(shape(4, 4, "RGGB8"), samples, "RGB24");
    ASSERT_EQ(rgb.size(), 48u);
    const auto pixel = [&](std::size_t x, std::size_t y) {
        const std::size_t at = (y * 4 + x) * 3;
        return bytes({std::to_integer<int>(rgb[at]), std::to_integer<int>(rgb[at + 1]),
                      std::to_integer<int>(rgb[at + 2])});
    };
    // The blue one at 1, 1: red of four corners, green of four sides.
    EXPECT_EQ(pixel(1, 1), bytes({(10 + 30 + 90 + 110) / 4, (20 + 50 + 70 + 100) / 4, 60}));
    // Green beside blue, green beside red, red.
    EXPECT_EQ(pixel(2, 1), bytes({(30 + 110) / 2, 70, (60 + 80) / 2}));
    EXPECT_EQ(pixel(1, 2), bytes({(90 + 110) / 2, 100, (60 + 140) / 2}));
    EXPECT_EQ(pixel(2, 2), bytes({110, (70 + 100 + 120 + 150) / 4, (60 + 80 + 140 + 160) / 4}));
    // Corners: the neighbours inside stand for those outside.
    EXPECT_EQ(pixel(0, 0), bytes({10, (20 + 20 + 50 + 50) / 4, 60}));
    EXPECT_EQ(pixel(3, 3), bytes({110, (120 + 120 + 150 + 150) / 4, 160}));
    EXPECT_EQ(pixel(3, 0), bytes({30, 40, 80}));
}

TEST(BayerConvert, MeansAreRounded) {
    const Bytes samples = bytes({0, 1, 0,  //
                                 0, 3, 0,  //
                                 1, 0, 1});
    const Bytes rgb = converted(shape(3, 3, "RGGB8"), samples, "RGB24");
    ASSERT_EQ(rgb.size(), 27u);
    EXPECT_EQ(rgb[12], std::byte{1});  // 2 / 4
    EXPECT_EQ(rgb[13], std::byte{0});  // 1 / 4
    EXPECT_EQ(rgb[9], std::byte{1});   // 1 / 2
}

TEST(BayerConvert, OneColourStaysOneColour) {
    const std::array<int, 3> color = {200, 90, 30};
    for (const char* const pattern : kPatterns)
        for (const std::uint32_t width : {2u, 3u, 512u, 513u, 1027u})
            for (const std::uint32_t height : {2u, 3u, 5u}) {
                const Bytes rgb = converted(shape(width, height, pattern),
                                            mosaic(pattern, width, height, color), "RGB24");
                ASSERT_EQ(rgb.size(), std::size_t{3} * width * height);
                for (std::size_t i = 0; i < rgb.size(); ++i)
                    ASSERT_EQ(std::to_integer<int>(rgb[i]), color[i % 3])
                        << pattern << " " << width << "x" << height << " at " << i / 3;
            }
}

// A strip has 512 pixels, and its first and last have neighbours in other strips.
TEST(BayerConvert, StripsMeetWithoutASeam) {
    constexpr std::uint32_t kWidth = 1040;
    constexpr std::uint32_t kHeight = 4;
    const Bytes samples = random_bytes(std::size_t{kWidth} * kHeight);
    const Bytes whole = converted(shape(kWidth, kHeight, "GRBG8"), samples, "RGB24");
    ImageDescription part = shape(40, kHeight, "GRBG8");
    part.row_stride_bytes = kWidth;
    part.plane_count = 1;  // explicit, so that the last row needs no padding
    part.planes[0] = {.row_stride_bytes = kWidth};
    constexpr std::size_t kLeft = 490;
    const Bytes from_part = converted(part, {samples.begin() + kLeft, samples.end()}, "RGB24");
    ASSERT_FALSE(from_part.empty());
    for (std::size_t y = 0; y < kHeight; ++y)
        for (std::size_t x = 3; x < std::size_t{39} * 3; ++x)
            ASSERT_EQ(from_part[y * 120 + x], whole[(y * kWidth + kLeft) * 3 + x])
                << x / 3 << ", " << y;
}

// With an even width a pattern is another one in a mirror.
TEST(BayerConvert, PatternsAreEachOthersMirrors) {
    constexpr std::uint32_t kWidth = 6;
    constexpr std::uint32_t kHeight = 4;
    const Bytes samples = random_bytes(std::size_t{kWidth} * kHeight);
    const auto mirrored = [](Bytes pixels, std::size_t bytes_per_pixel) {
        const std::size_t row = kWidth * bytes_per_pixel;
        for (std::size_t y = 0; y < kHeight; ++y)
            for (std::size_t x = 0; x < kWidth / 2; ++x)
                for (std::size_t i = 0; i < bytes_per_pixel; ++i)
                    std::swap(pixels[y * row + x * bytes_per_pixel + i],
                              pixels[y * row + (kWidth - 1 - x) * bytes_per_pixel + i]);
        return pixels;
    };
    const auto rgb = [](const Bytes& pixels, const char* pattern) {
        return converted(shape(kWidth, kHeight, pattern), pixels, "RGB24");
    };
    EXPECT_EQ(rgb(mirrored(samples, 1), "GRBG8"), mirrored(rgb(samples, "RGGB8"), 3));
    EXPECT_EQ(rgb(mirrored(samples, 1), "BGGR8"), mirrored(rgb(samples, "GBRG8"), 3));
    ImageDescription turned = shape(kWidth, kHeight, "GBRG8");
    turned.orientation = Orientation::kBottomUp;
    Bytes upside_down;
    for (std::size_t y = kHeight; y-- > 0;)
        upside_down.insert(upside_down.end(),
                           samples.begin() + static_cast<std::ptrdiff_t>(y * kWidth),
                           samples.begin() + static_cast<std::ptrdiff_t>((y + 1) * kWidth));
    EXPECT_EQ(converted(turned, upside_down, "RGB24"), rgb(samples, "GBRG8"));
}

TEST(BayerConvert, ASinglePixelIsItsOwnNeighbour) {
    for (const char* const pattern : kPatterns)
        EXPECT_EQ(converted(shape(1, 1, pattern), bytes({77}), "RGB24"), bytes({77, 77, 77}));
}

// ---- 10 to 16 bits -----------------------------------------------------------------------------

TEST(BayerConvert, MoreBitsReachBothEnds) {
    struct Row {
        const char* format;
        int white;
    };
    for (const Row& row : {Row{"RGGB10", 1023}, Row{"GRBG12", 4095}, Row{"GBRG16", 65535}}) {
        const int white = row.white;
        EXPECT_EQ(converted(shape(2, 2, row.format), words({white, white, white, white}), "RGB48"),
                  Bytes(24, std::byte{255}))
            << row.format;
        EXPECT_EQ(converted(shape(2, 2, row.format), words({0, 0, 0, 0}), "RGB24"), Bytes(12))
            << row.format;
    }
}

TEST(BayerConvert, SixteenBitsKeepTheirPrecision) {
    EXPECT_EQ(converted(shape(2, 2, "RGGB16"), words({1000, 2000, 2001, 3000}), "RGB48"),
              words({1000, 2001, 3000, 1000, 2000, 3000, 1000, 2001, 3000, 1000, 2001, 3000}));
}

// A row of 1030 samples: groups of four cross the ends of strips.
TEST(BayerConvert, PackedSamplesAreUnpacked) {
    constexpr std::uint32_t kWidth = 1030;
    constexpr std::uint32_t kHeight = 3;
    const Bytes noise = random_bytes(std::size_t{kWidth} * kHeight * 2);
    const auto sample = [&](std::size_t x, std::size_t y, unsigned bits) {
        const std::size_t at = (y * kWidth + x) * 2;
        return (std::to_integer<unsigned>(noise[at]) | std::to_integer<unsigned>(noise[at + 1])
                                                           << 8) &
               ((1U << bits) - 1);
    };
    for (const auto& [group, bits] : {std::pair<std::size_t, unsigned>{4, 10}, {2, 12}}) {
        Bytes packed;
        Bytes unpacked;
        for (std::size_t y = 0; y < kHeight; ++y)
            for (std::size_t x = 0; x < kWidth; x += group) {
                unsigned low = 0;
                for (std::size_t i = 0; i < group; ++i) {
                    const unsigned value = x + i < kWidth ? sample(x + i, y, bits) : 0;
                    packed.push_back(std::byte(value >> (bits - 8)));
                    low |= (value & ((1U << (bits - 8)) - 1)) << (i * (bits - 8));
                    if (x + i >= kWidth) continue;
                    unpacked.push_back(std::byte(value & 0xFF));
                    unpacked.push_back(std::byte(value >> 8));
                }
                packed.push_back(std::byte(low));
            }
        for (const std::string pattern : {"RGGB", "GRBG", "GBRG", "BGGR"}) {
            const std::string format = pattern + std::to_string(bits);
            const Bytes expected =
                converted(shape(kWidth, kHeight, format.c_str()), unpacked, "RGB48");
            ASSERT_FALSE(expected.empty());
            EXPECT_EQ(converted(shape(kWidth, kHeight, (format + "P").c_str()), packed, "RGB48"),
                      expected)
                << format;
        }
    }
}

}  // namespace
}  // namespace mapferry::testing
