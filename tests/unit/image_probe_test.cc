// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "format/image_record.h"
#include "format/manifest.h"
#include "mapferry/image.h"
#include "mapferry/image_probe.h"
#include "support/bmp_builder.h"

namespace mapferry {
namespace {

using namespace std::string_view_literals;
using layout::kUnknownBytes;

std::vector<std::byte> to_bytes(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::optional<ImageDescription> probe(std::string_view text) {
    return probe_image(to_bytes(text), text.size());
}

// ---- the encoded formats -----------------------------------------------------------------------

// A PNG of 7x5 pixels of 8-bit RGB, without the pixels.
constexpr auto kPngFile =
    "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x02\0\0\0\xE6\x5B\xDC\x98"
    "\0\0\0\0IEND\xAE\x42\x60\x82"sv;

std::string png(char bit_depth, char color_type) {
    std::string file(kPngFile);
    file[24] = bit_depth;
    file[25] = color_type;
    return file;
}

TEST(PngProbe, TellsWidthHeightAndBits) {
    const auto image = probe(kPngFile);
    ASSERT_TRUE(image);
    EXPECT_EQ(*image, (ImageDescription{.width = 7,
                                        .height = 5,
                                        .row_stride_bytes = 0,
                                        .fourcc = kFourccPng,
                                        .bits_per_pixel = 24,
                                        .orientation = Orientation::kTopDown}));
    EXPECT_EQ(probe(png(1, 0))->bits_per_pixel, 1u);
    EXPECT_EQ(probe(png(16, 0))->bits_per_pixel, 16u);
    EXPECT_EQ(probe(png(8, 4))->bits_per_pixel, 16u);
    EXPECT_EQ(probe(png(16, 6))->bits_per_pixel, 64u);
}

TEST(PngProbe, OfPaletteTellsTheBitsOfAnIndex) {
    std::string file = png(4, 3).substr(0, 33);
    file += "\0\0\0\x03PLTE\x01\x02\x03\0\0\0\0\0\0\0\0IDAT\0\0\0\0"sv;
    const auto image = probe(file);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->bits_per_pixel, 4u);
}

TEST(PngProbe, RefusesDamagedHeaders) {
    EXPECT_FALSE(probe(png(8, 1)));
    EXPECT_FALSE(probe(png(8, 5)));
    EXPECT_FALSE(probe(png(8, 7)));
    EXPECT_FALSE(probe(png(9, 2)));
    for (const std::size_t at : {12u, 16u, 20u}) {  // chunk name, width, height
        std::string file(kPngFile);
        file[at] = '\xFF';
        EXPECT_FALSE(probe(file)) << at;
    }
    std::string zero(kPngFile);
    zero[19] = 0;
    EXPECT_FALSE(probe(zero));
}

TEST(PngProbe, TruncatedIsNoImage) {
    for (std::size_t length = 0; length < 33; ++length)
        EXPECT_FALSE(probe(kPngFile.substr(0, length))) << length;
}

// Baseline, 9x6, three components, behind an APP0 and a comment.
constexpr auto kJpegFile =
    "\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    "\xFF\xFE\0\x07hello\xFF\xFF\xFF\xC0\0\x11\x08\0\x06\0\x09\x03"
    "\x01\x22\0\x02\x11\x01\x03\x11\x01\xFF\xC4\0\x04\0\0\xFF\xD9"sv;
constexpr std::size_t kJpegFrameEnd = 50;

TEST(JpegProbe, TellsWidthHeightAndBits) {
    const auto image = probe(kJpegFile);
    ASSERT_TRUE(image);
    EXPECT_EQ(*image, (ImageDescription{.width = 9,
                                        .height = 6,
                                        .row_stride_bytes = 0,
                                        .fourcc = kFourccJpeg,
                                        .bits_per_pixel = 24,
                                        .orientation = Orientation::kUnknown}));
}

TEST(JpegProbe, TellsGrey) {
    const auto image =
        probe("\xFF\xD8\xFF\xC2\0\x0B\x08\0\x06\0\x09\x01\x01\x11\0\xFF\xD9"sv);  // progressive
    ASSERT_TRUE(image);
    EXPECT_EQ(image->bits_per_pixel, 8u);
}

TEST(JpegProbe, TruncatedIsNoImage) {
    for (std::size_t length = 0; length < kJpegFrameEnd; ++length)
        EXPECT_FALSE(probe(kJpegFile.substr(0, length))) << length;
    EXPECT_TRUE(probe(kJpegFile.substr(0, kJpegFrameEnd)));
}

TEST(JpegProbe, FindsTheFrameBehindALargeExifBlock) {
    std::string file = "\xFF\xD8\xFF\xE1\xFF\xFF";
    file += std::string(65533, 'x');
    file += kJpegFile.substr(2);
    EXPECT_TRUE(probe(file));
    const std::vector<std::byte> bytes = to_bytes(file);
    EXPECT_FALSE(probe_image(std::span(bytes).first(kImageProbeBytes), file.size()));
}

// The table has sixteen counts of 255 codes, more than any real table.
TEST(JpegProbe, LooksAtNoHuffmanTable) {
    std::string file = "\xFF\xD8\xFF\xC4";
    file += "\x10\x03"sv;
    file += std::string(1, '\0') + std::string(16, '\xFF') + std::string(16 * 255, 'x');
    file += kJpegFile.substr(2);
    EXPECT_TRUE(probe(file));  // the frame header itself is sound
}

// The decoder refuses these kinds, and its message names them.
TEST(JpegProbe, DescribesLosslessAndArithmeticOnes) {
    for (const char marker : "\xC3\xC9\xCA\xCB"sv) {
        std::string file(kJpegFile);
        file[32] = marker;
        const auto image = probe(file);
        ASSERT_TRUE(image);
        EXPECT_EQ(image->width, 9u);
        EXPECT_EQ(image->fourcc, kFourccJpeg);
    }
}

TEST(JpegProbe, RefusesScanBeforeFrameAndUnknownFrames) {
    EXPECT_FALSE(probe("\xFF\xD8\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\xFF\xD9"sv));
    EXPECT_FALSE(probe("\xFF\xD8\xFF\xD9"sv));
    EXPECT_FALSE(probe("\xFF\xD8\xFF\xE0\0\x01\xFF\xC0"sv));  // a length below its own two bytes
    for (const char marker : "\xC4\xC8\xCC\xF0"sv) {
        std::string file(kJpegFile);
        file[32] = marker;
        EXPECT_FALSE(probe(file));
    }
}

TEST(GifProbe, TellsWidthAndHeight) {
    for (const auto file : {"GIF89a\x0B\0\x04\x01\xF7\0\0"sv, "GIF87a\x0B\0\x04\x01\0\0\0;"sv}) {
        const auto image = probe(file);
        ASSERT_TRUE(image);
        EXPECT_EQ(image->width, 11u);
        EXPECT_EQ(image->height, 260u);
        EXPECT_EQ(image->fourcc, kFourccGif);
        EXPECT_EQ(image->row_stride_bytes, 0u);
    }
}

TEST(GifProbe, RefusesTruncatedAndEmpty) {
    constexpr auto kFile = "GIF89a\x0B\0\x04\x01\xF7\0\0"sv;
    for (std::size_t length = 0; length < kFile.size(); ++length)
        EXPECT_FALSE(probe(kFile.substr(0, length))) << length;
    EXPECT_FALSE(probe("GIF89a\0\0\x04\x01\xF7\0\0"sv));
    EXPECT_FALSE(probe("GIF88a\x0B\0\x04\x01\xF7\0\0"sv));
}

TEST(PnmProbe, TellsWidthHeightAndBits) {
    struct Row {
        std::string_view header;
        std::uint32_t bits;
    };
    for (const Row& row :
         {Row{"P6 3 2 255\n", 24}, Row{"P6\n3\n2\n65535\n", 48}, Row{"P5\t3\r\n2 1 ", 8},
          Row{"P5\n3 2\n256\n", 16}, Row{"P6\n# by somebody\n#\n3 # 9\n2\n255\n", 24}}) {
        std::string file(row.header);
        file += std::string(3 * 2 * row.bits / 8, 'x');
        const auto image = probe(file);
        ASSERT_TRUE(image) << row.header;
        EXPECT_EQ(*image, (ImageDescription{.width = 3,
                                            .height = 2,
                                            .row_stride_bytes = 0,
                                            .fourcc = kFourccPnm,
                                            .bits_per_pixel = row.bits,
                                            .orientation = Orientation::kTopDown}));
        EXPECT_FALSE(probe(file.substr(0, file.size() - 1))) << row.header;
    }
}

TEST(PnmProbe, RefusesWhatIsNoHeader) {
    for (const auto file :
         {"P5"sv, "P6"sv, "P6 "sv, "P63 2 255\nxxxxxxxxxxxxxxxxxx"sv, "P6 0 2 255\n"sv,
          "P6 3 0 255\n"sv, "P5 1 1 0\nx"sv, "P5 1 1 65536\nxxx"sv, "P5 1 1 255"sv, "P5 1 1 255x"sv,
          "P5 -1 1 255\nx"sv, "P5 1\nx"sv, "P5 1 1 255#\nx"sv, "P4 1 1\nx"sv, "P7\nWIDTH 1\n"sv,
          "P5 # no end"sv, "P5 99999999999999999999999 1 255\nx"sv, "P5 4294967297 1 255\nx"sv,
          "P5 2147483648 1 255\nx"sv})
        EXPECT_FALSE(probe_image(to_bytes(file), kUnknownBytes)) << file;
}

TEST(PnmProbe, OfUnknownLengthIsBoundedOnlyByArithmetic) {
    const auto image = probe_image(to_bytes("P5 2147483647 2147483647 255\n"), kUnknownBytes);
    ASSERT_TRUE(image);
    EXPECT_TRUE(image_from_record(to_record(image)));
    EXPECT_FALSE(probe_image(to_bytes("P6 2147483647 2147483647 65535\n"), kUnknownBytes));
}

// ---- all ---------------------------------------------------------------------------------------

TEST(ImageProbe, OfOtherFilesIsEmpty) {
    for (const auto file : {""sv, "B"sv, "BM"sv, "hello"sv, "BA\0\0"sv,
                            "\x7F"
                            "ELF"sv,
                            "%PDF-1.7"sv, "RIFF\0\0\0\0WEBP"sv, "II*\0"sv,
                            "BMW is a car maker in Bavaria, not an "
                            "image, whatever its first two letters are supposed to mean"sv})
        EXPECT_FALSE(probe(file)) << file;
}

TEST(ImageProbe, KnowsBitmaps) {
    const std::vector<std::byte> file = Bmp{}.bytes();
    const auto image = probe_image(file, file.size());
    ASSERT_TRUE(image);
    EXPECT_EQ(to_string(*image), "5x3 BGR24");
}

TEST(ImageProbe, LooksAtNothingPastTheFilesEnd) {
    const std::vector<std::byte> file = Bmp{}.bytes();
    EXPECT_FALSE(probe_image(file, 10));
    EXPECT_FALSE(probe_image(file, 0));
}

// Whatever the bytes are, every reader accepts the resulting description.
TEST(ImageProbe, OfDamagedFilesGivesOnlySoundDescriptions) {
    std::vector<std::vector<std::byte>> seeds = {
        Bmp{}.bytes(),
        Bmp{.header_bytes = 12, .bits = 8}.bytes(),
        Bmp{.bits = 16, .compression = kBitfields, .masks = {0xF800, 0x7E0, 0x1F, 0}}.bytes(),
        Bmp{.header_bytes = 124, .bits = 8, .compression = kRle8, .image_bytes = 9}.bytes(),
        to_bytes(kPngFile),
        to_bytes(kJpegFile),
        to_bytes("GIF89a\x0B\0\x04\x01\xF7\0\0"sv),
        to_bytes("P6 3 2 255\nxxxxxxxxxxxxxxxxxx"),
    };
    std::minstd_rand random(20240607);  // NOLINT: the same every time, on purpose
    int described = 0;
    for (int round = 0; round < 40'000; ++round) {
        std::vector<std::byte> file = seeds[static_cast<std::size_t>(round) % seeds.size()];
        for (std::size_t damage = random() % 4 + 1; damage > 0; --damage)
            file[2 + random() % (file.size() - 2)] = static_cast<std::byte>(random() & 0xFF);
        const std::uint64_t file_bytes = round % 3 == 0 ? kUnknownBytes : file.size();
        const auto image = probe_image(file, file_bytes);
        if (!image) continue;
        ++described;
        const auto back = image_from_record(to_record(image));
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(*back, image);
    }
    EXPECT_GT(described, 1000);
}

}  // namespace
}  // namespace mapferry
