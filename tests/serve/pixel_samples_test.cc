// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "console/serve/pixel_samples.h"
#include "console/serve/pixel_statistics.h"
#include "mapferry/image_convert.h"

namespace mapferry::cli {
namespace {

// A picture of random samples. Bits beyond those of a sample are zero.
Image random_image(const char* format) {
    auto image = Image::allocate(*describe_raw_image(10, 6, format));
    std::mt19937 random(7);
    for (std::byte& byte : image->bytes())
        byte = std::byte{static_cast<unsigned char>(random())};
    const auto channels = channels_of(image->description().fourcc);
    const bool is_word = !channels.empty() && channels.front().word_bytes == 2 &&
                         channels.front().name != "R" && channels.front().low_bit == 0;
    if (is_word && channels.front().bits < 16)
        for (std::size_t at = 1; at < image->bytes().size(); at += 2)
            image->bytes()[at] &=
                std::byte{static_cast<unsigned char>((1U << (channels.front().bits - 8)) - 1)};
    return std::move(*image);
}

// The library's conversion to 16 bits is exact: v * 65535 / most, rounded; but samples of fewer
// than 8 bits become 8 first.
void expect_as_converted(const char* format, std::uint32_t target) {
    const Image image = random_image(format);
    const ImageView view = image.view();
    const auto converted = convert_image(view, target);
    ASSERT_TRUE(converted) << format;
    const auto channels = channels_of(view.description().fourcc);
    const auto wide = channels_of(target);
    for (const SampleChannel& channel : channels) {
        const auto same = std::ranges::find(wide, channel.name, &SampleChannel::name);
        if (same == wide.end()) continue;
        const double most = std::ldexp(1.0, channel.bits) - 1;
        const double tolerance = channel.bits < 8 ? 129 : 1;
        for (std::uint32_t y = 0; y < view.height(); ++y)
            for (std::uint32_t x = 0; x < view.width(); ++x)
                EXPECT_NEAR(sample_at(view, channel, x, y) * 65'535 / most,
                            sample_at(converted->view(), *same, x, y), tolerance)
                    << format << " " << channel.name << " at " << x << " " << y;
    }
}

TEST(PixelSamples, OfColoursAreThoseThatTheLibraryConverts) {
    for (const char* format :
         {"BGR24",  "RGB24",  "BGRX32",  "BGRA32",  "RGBX32",  "RGBA32", "XRGB32", "ARGB32",
          "XBGR32", "ABGR32", "RGB48",   "BGR48",   "RGBA64",  "BGRA64", "RGB565", "BGR565",
          "RGB555", "BGR555", "X2RGB10", "X2BGR10", "A2RGB10", "A2BGR10"})
        expect_as_converted(format, kFourccRgb48);
}

TEST(PixelSamples, OfGreysAreThoseThatTheLibraryConverts) {
    for (const char* format :
         {"GRAY8", "GRAY10", "GRAY12", "GRAY14", "GRAY16", "GRAY10P", "GRAY12P"})
        expect_as_converted(format, kFourccGray16);
}

TEST(PixelSamples, OfYuvAreThoseThatTheLibrarySpreads) {
    for (const char* format : {"YUYV", "YVYU", "UYVY", "VYUY", "NV12", "NV21", "NV16", "NV61",
                               "NV24", "NV42", "I420", "YV12", "I422"}) {
        const Image image = random_image(format);
        const auto spread = convert_image(image.view(), kFourccI444);
        ASSERT_TRUE(spread) << format;
        const auto planes = channels_of(kFourccI444);
        const auto channels = channels_of(image.description().fourcc);
        ASSERT_EQ(channels.size(), 3U);
        for (std::size_t i = 0; i < 3; ++i)
            for (std::uint32_t y = 0; y < 6; ++y)
                for (std::uint32_t x = 0; x < 10; ++x)
                    EXPECT_EQ(sample_at(image.view(), channels[i], x, y),
                              sample_at(spread->view(), planes[i], x, y))
                        << format << " " << channels[i].name << " at " << x << " " << y;
    }
}

TEST(PixelSamples, OfTenBitsInHighBitsAreNumbersBelow1024) {
    auto image = Image::allocate(*describe_raw_image(2, 2, "P010"));
    ASSERT_TRUE(image);
    image->bytes()[0] = std::byte{0xC0};
    image->bytes()[1] = std::byte{0x12};
    EXPECT_EQ(sample_at(image->view(), channels_of(kFourccP010)[0], 0, 0), 0x12C0 >> 6);
}

TEST(PixelSamples, RowsHaveTheSameValuesAsPixels) {
    for (const char* format : {"BGR24", "GRAY12", "GRAY10P", "NV12", "RGB565", "RGBF32"}) {
        const Image image = random_image(format);
        for (const SampleChannel& channel : channels_of(image.description().fourcc)) {
            std::vector<float> row(10U >> channel.column_shift);
            samples_of_row(image.view(), channel, 1, row);
            for (std::uint32_t i = 0; i < row.size(); ++i) {
                const double single = sample_at(image.view(), channel, i << channel.column_shift,
                                                1U << channel.row_shift);
                EXPECT_TRUE(row[i] == static_cast<float>(single) ||
                            (std::isnan(row[i]) && std::isnan(single)))
                    << format << " " << channel.name << " " << i;
            }
        }
    }
}

TEST(PixelSamples, EveryFormatThatCanBeShownHasChannels) {
    for (const char* format : {"RGGB8", "GRBG10", "GBRG12", "BGGR16", "RGGB10P", "GBRG12P", "S010",
                               "S210", "S412", "S016", "P012", "P016", "RGBAF32"}) {
        const auto description = describe_raw_image(4, 4, format);
        ASSERT_TRUE(description) << format;
        EXPECT_TRUE(can_convert_from(description->fourcc)) << format;
        EXPECT_FALSE(channels_of(description->fourcc).empty()) << format;
    }
}

TEST(PixelSamples, BayerFiltersAreNamed) {
    EXPECT_EQ(bayer_color(kFourccGrbg8, 0, 0), "G");
    EXPECT_EQ(bayer_color(kFourccGrbg8, 1, 0), "R");
    EXPECT_EQ(bayer_color(kFourccGrbg8, 4, 3), "B");
    EXPECT_EQ(grey_of_bayer(kFourccRggb10p), kFourccGray10p);
    EXPECT_EQ(grey_of_bayer(kFourccBgr24), std::nullopt);
}

TEST(PixelStatistics, CountEachSampleOnce) {
    auto image = Image::allocate(*describe_raw_image(4, 2, "GRAY12"));
    ASSERT_TRUE(image);
    const std::array<std::uint16_t, 8> samples{0, 1, 15, 16, 17, 4094, 4095, 4095};
    std::memcpy(image->bytes().data(), samples.data(), sizeof samples);
    const auto found = statistics_of(image->view());
    ASSERT_EQ(found.channels.size(), 1U);
    const ChannelStatistics& grey = found.channels.front();
    EXPECT_EQ(found.low, 0);
    EXPECT_EQ(found.bin_width, 16);
    EXPECT_EQ(grey.count, 8U);
    EXPECT_EQ(grey.smallest, 0);
    EXPECT_EQ(grey.largest, 4095);
    EXPECT_EQ(grey.mean, (1 + 15 + 16 + 17 + 4094 + 4095 * 2) / 8.0);
    EXPECT_EQ(grey.bins[0], 3U);
    EXPECT_EQ(grey.bins[1], 2U);
    EXPECT_EQ(grey.bins[255], 3U);
}

TEST(PixelStatistics, OfFloatsLeaveOutWhatIsNoNumber) {
    auto image = Image::allocate(*describe_raw_image(4, 1, "GRAYF32"));
    ASSERT_TRUE(image);
    const std::array<float, 4> samples{-2, NAN, 6, HUGE_VALF};
    std::memcpy(image->bytes().data(), samples.data(), sizeof samples);
    const auto found = statistics_of(image->view());
    const ChannelStatistics& grey = found.channels.front();
    EXPECT_EQ(grey.count, 2U);
    EXPECT_EQ(grey.odd_count, 2U);
    EXPECT_EQ(grey.smallest, -2);
    EXPECT_EQ(grey.largest, 6);
    EXPECT_EQ(grey.mean, 2);
    EXPECT_EQ(found.bin_width, 8 / 256.0);
    EXPECT_EQ(grey.bins[0], 1U);
    EXPECT_EQ(grey.bins[255], 1U);
}

TEST(PixelStatistics, OfAPatternAreThoseOfItsFilters) {
    auto image = Image::allocate(*describe_raw_image(2, 2, "GBRG8"));
    ASSERT_TRUE(image);
    for (std::size_t i = 0; i < 4; ++i)
        image->bytes()[i] = std::byte{static_cast<unsigned char>(10 * (i + 1))};
    const auto found = statistics_of(image->view());
    ASSERT_EQ(found.channels.size(), 3U);
    EXPECT_EQ(found.channels[0].mean, 30);  // red
    EXPECT_EQ(found.channels[1].mean, 25);  // green
    EXPECT_EQ(found.channels[2].mean, 20);  // blue
}

}  // namespace
}  // namespace mapferry::cli
