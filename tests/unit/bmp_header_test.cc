// SPDX-License-Identifier: Apache-2.0
#include "image/bmp_header.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <limits>
#include <vector>

#include "support/bmp_builder.h"

namespace mapferry {
namespace {

using layout::kUnknownBytes;

Result<ImageDescription> probe_header(const std::vector<std::byte>& file) {
    return parse_bmp_header(file, file.size());
}

Result<ImageDescription> probe_header(const Bmp& bmp) {
    return probe_header(bmp.bytes());
}

// ---- the kinds ----------------------------------------------------------------------------

TEST(BmpProbe, DescribesAPlainBitmap) {
    const auto image = probe_header(Bmp{.width = 5, .height = 3, .bits = 24});
    ASSERT_TRUE(image);
    EXPECT_EQ(*image, (ImageDescription{.width = 5,
                                        .height = 3,
                                        .row_stride_bytes = 16,
                                        .fourcc = kFourccBgr24,
                                        .bits_per_pixel = 24,
                                        .orientation = Orientation::kBottomUp}));
}

TEST(BmpProbe, NegativeHeightIsTopDown) {
    const auto image = probe_header(Bmp{.height = -3});
    ASSERT_TRUE(image);
    EXPECT_EQ(image->height, 3u);
    EXPECT_EQ(image->orientation, Orientation::kTopDown);
}

TEST(BmpProbe, KnowsEveryBitCountOfEveryWindowsHeader) {
    struct Row {
        std::uint32_t bits;
        std::uint32_t fourcc;
    };
    for (const std::uint32_t header_bytes : {40u, 52u, 56u, 108u, 124u})
        for (const Row& row : {Row{1, kFourccPal1}, Row{2, kFourccPal2}, Row{4, kFourccPal4},
                               Row{8, kFourccPal8}, Row{16, kFourccRgb555}, Row{24, kFourccBgr24},
                               Row{32, kFourccBgrx32}, Row{64, kFourccBmp64}}) {
            const auto image = probe_header(Bmp{.header_bytes = header_bytes, .bits = row.bits});
            ASSERT_TRUE(image) << header_bytes << " " << row.bits;
            EXPECT_EQ(image->fourcc, row.fourcc) << header_bytes << " " << row.bits;
            EXPECT_EQ(image->bits_per_pixel, row.bits);
        }
}

TEST(BmpProbe, KnowsOs2Headers) {
    for (std::uint32_t header_bytes = 12; header_bytes <= 64; ++header_bytes) {
        if (header_bytes > 12 && header_bytes < 16) continue;
        const auto image = probe_header(Bmp{.header_bytes = header_bytes, .bits = 8});
        ASSERT_TRUE(image) << header_bytes;
        EXPECT_EQ(image->fourcc, kFourccPal8);
        EXPECT_EQ(image->row_stride_bytes, 8u);
    }
}

TEST(BmpProbe, RefusesHeaderSizesThatNobodyDefined) {
    for (std::uint32_t header_bytes = 0; header_bytes <= 200; ++header_bytes) {
        const bool known = header_bytes == 12 || (header_bytes >= 16 && header_bytes <= 64) ||
                           header_bytes == 108 || header_bytes == 124;
        std::vector<std::byte> file = Bmp{.header_bytes = 124}.bytes();
        file[14] = static_cast<std::byte>(header_bytes);
        if (known) continue;
        EXPECT_FALSE(probe_header(file)) << header_bytes;
    }
    std::vector<std::byte> file = Bmp{}.bytes();
    file[17] = std::byte{0xFF};  // 4 GiB of header
    EXPECT_FALSE(probe_header(file));
}

TEST(BmpProbe, CoreHeaderTakesUnsignedWords) {
    const auto image = parse_bmp_header(
        Bmp{.header_bytes = 12, .width = 0xFFFF, .height = 0xFFFF, .bits = 1, .pixel_bytes = 0}
            .bytes(),
        kUnknownBytes);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->width, 65535u);
    EXPECT_EQ(image->height, 65535u);
    EXPECT_EQ(image->orientation, Orientation::kBottomUp);
}

TEST(BmpProbe, CoreHeaderMayHave16And32Bits) {
    EXPECT_EQ(probe_header(Bmp{.header_bytes = 12, .bits = 16})->fourcc, kFourccRgb555);
    EXPECT_EQ(probe_header(Bmp{.header_bytes = 12, .bits = 32})->fourcc, kFourccBgrx32);
}

TEST(BmpProbe, RowsArePaddedToFourBytes) {
    for (std::int32_t width = 1; width <= 70; ++width)
        for (const std::uint32_t bits : {1u, 2u, 4u, 8u, 16u, 24u, 32u, 64u}) {
            const auto image = probe_header(Bmp{.width = width, .height = 1, .bits = bits});
            ASSERT_TRUE(image) << width << " " << bits;
            const std::uint64_t row_bits = static_cast<std::uint64_t>(width) * bits;
            EXPECT_EQ(image->row_stride_bytes % 4, 0u);
            EXPECT_GE(image->row_stride_bytes * 8, row_bits);
            EXPECT_LT(image->row_stride_bytes * 8, row_bits + 32);
        }
}

TEST(BmpProbe, RefusesOtherBitCounts) {
    for (std::uint32_t bits = 0; bits <= 64; ++bits) {
        const bool known = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 ||
                           bits == 24 || bits == 32 || bits == 64;
        if (known) continue;
        const auto image = probe_header(Bmp{.bits = bits, .pixel_bytes = 10'000});
        ASSERT_FALSE(image) << bits;
        EXPECT_NE(image.error().message.find(std::to_string(bits) + " bits a pixel"),
                  std::string::npos);
    }
}

TEST(BmpProbe, NamesWellKnownMasks) {
    struct Row {
        std::uint32_t header_bytes;
        std::uint32_t bits;
        std::array<std::uint32_t, 4> masks;
        std::uint32_t fourcc;
    };
    const Row rows[] = {
        {40, 16, {0xF800, 0x07E0, 0x001F, 0}, kFourccRgb565},
        {40, 16, {0x7C00, 0x03E0, 0x001F, 0}, kFourccRgb555},
        {40, 32, {0xFF0000, 0xFF00, 0xFF, 0}, kFourccBgrx32},
        {52, 16, {0xF800, 0x07E0, 0x001F, 0}, kFourccRgb565},
        {56, 32, {0xFF0000, 0xFF00, 0xFF, 0xFF000000}, kFourccBgra32},
        {108, 32, {0xFF0000, 0xFF00, 0xFF, 0xFF000000}, kFourccBgra32},
        {124, 32, {0xFF0000, 0xFF00, 0xFF, 0xFF000000}, kFourccBgra32},
        {124, 32, {0xFF0000, 0xFF00, 0xFF, 0}, kFourccBgrx32},
        {124, 16, {0x7C00, 0x03E0, 0x001F, 0x8000}, kFourccBitfields},
        {124, 32, {0xFF, 0xFF00, 0xFF0000, 0xFF000000}, kFourccBitfields},
        {40, 32, {0x3FF00000, 0xFFC00, 0x3FF, 0}, kFourccBitfields},
        {40, 16, {0x0F00, 0x00F0, 0x000F, 0}, kFourccBitfields},
        {40, 32, {0xFFFFFFFF, 0, 0, 0}, kFourccBitfields},
    };
    for (const Row& row : rows) {
        const auto image = probe_header(Bmp{.header_bytes = row.header_bytes,
                                            .bits = row.bits,
                                            .compression = kBitfields,
                                            .masks = row.masks});
        ASSERT_TRUE(image) << row.header_bytes << " " << row.bits;
        EXPECT_EQ(image->fourcc, row.fourcc) << row.header_bytes << " " << row.bits;
        EXPECT_NE(image->row_stride_bytes, 0u);
    }
}

TEST(BmpProbe, FourthMaskBehindAShortHeaderCountsOnlyAsAlphaBitfields) {
    Bmp bmp{
        .bits = 32, .compression = kAlphaBitfields, .masks = {0xFF0000, 0xFF00, 0xFF, 0xFF000000}};
    EXPECT_EQ(probe_header(bmp)->fourcc, kFourccBgra32);
    bmp.compression = kBitfields;  // the bytes that follow are pixels
    EXPECT_EQ(probe_header(bmp)->fourcc, kFourccBgrx32);
    bmp.compression = kAlphaBitfields;
    bmp.header_bytes = 52;
    EXPECT_FALSE(probe_header(bmp));
}

TEST(BmpProbe, RefusesMasksThatMakeNoSense) {
    const std::array<std::uint32_t, 4> bad[] = {
        {0, 0, 0, 0},                    // no colour
        {0, 0, 0, 0xFF000000},           // alpha alone
        {0xFF00, 0xFF00, 0xFF, 0},       // overlapping
        {0xF0F000, 0x0F00, 0xFF, 0},     // in two parts
        {0xFF0000, 0xFF00, 0xFF, 0xFF},  // alpha over blue
    };
    for (const auto& masks : bad)
        EXPECT_FALSE(probe_header(
            Bmp{.header_bytes = 124, .bits = 32, .compression = kBitfields, .masks = masks}));
    EXPECT_FALSE(probe_header(
        Bmp{.bits = 16, .compression = kBitfields, .masks = {0xFF0000, 0, 0xFF000000}}));
    EXPECT_FALSE(probe_header(
        Bmp{.bits = 24, .compression = kBitfields, .masks = {0xFF0000, 0xFF00, 0xFF}}));
}

// Some programs write an alpha mask for bits that a pixel does not have.
TEST(BmpProbe, MaskOfBitsThatThereAreNotDoesNotCount) {
    const auto image = probe_header(Bmp{.header_bytes = 108,
                                        .bits = 16,
                                        .compression = kBitfields,
                                        .masks = {0xF800, 0x07E0, 0x001F, 0xFF000000}});
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(image->fourcc, kFourccRgb565);
}

TEST(BmpProbe, RunLengthsHaveNoStride) {
    for (const std::uint32_t bits : {4u, 8u}) {
        const auto image = probe_header(
            Bmp{.bits = bits, .compression = bits == 8 ? kRle8 : kRle4, .image_bytes = 40});
        ASSERT_TRUE(image);
        EXPECT_EQ(image->fourcc, bits == 8 ? kFourccRle8 : kFourccRle4);
        EXPECT_EQ(image->row_stride_bytes, 0u);
        EXPECT_EQ(image->bits_per_pixel, bits);
    }
}

TEST(BmpProbe, RefusesRunLengthsThatContradictTheRest) {
    EXPECT_FALSE(probe_header(Bmp{.bits = 4, .compression = kRle8, .image_bytes = 40}));
    EXPECT_FALSE(probe_header(Bmp{.bits = 8, .compression = kRle4, .image_bytes = 40}));
    EXPECT_FALSE(probe_header(Bmp{.bits = 8, .compression = kRle8, .pixel_bytes = 0}));
}

TEST(BmpProbe, WrongSizeOfRunLengthsIsNoReasonToRefuse) {
    EXPECT_TRUE(
        probe_header(Bmp{.bits = 8, .compression = kRle8, .image_bytes = 40, .pixel_bytes = 39}));
    EXPECT_TRUE(
        probe_header(Bmp{.bits = 8, .compression = kRle8, .image_bytes = 0, .pixel_bytes = 9}));
    const auto image =
        probe_header(Bmp{.height = -3, .bits = 8, .compression = kRle8, .image_bytes = 40});
    ASSERT_TRUE(image);
    EXPECT_EQ(image->orientation, Orientation::kTopDown);
}

TEST(BmpProbe, NamesEmbeddedJpegAndPng) {
    const auto jpeg = probe_header(Bmp{.bits = 0, .compression = kJpeg, .image_bytes = 40});
    const auto png = probe_header(Bmp{.bits = 0, .compression = kPng, .image_bytes = 40});
    ASSERT_TRUE(jpeg && png);
    EXPECT_EQ(jpeg->fourcc, kFourccJpeg);
    EXPECT_EQ(png->fourcc, kFourccPng);
    EXPECT_EQ(jpeg->row_stride_bytes, 0u);
    EXPECT_TRUE(
        probe_header(Bmp{.bits = 0, .compression = kJpeg, .image_bytes = 0, .pixel_bytes = 9}));
    EXPECT_TRUE(probe_header(Bmp{.height = -3, .bits = 0, .compression = kPng, .image_bytes = 40}));
    std::vector<std::byte> with_bits = Bmp{.bits = 24, .compression = kJpeg}.bytes();
    with_bits[54] = std::byte{0xFF};
    with_bits[55] = std::byte{0xD8};
    EXPECT_EQ(probe_header(with_bits)->fourcc, kFourccJpeg);
}

TEST(BmpProbe, NamesOs2HuffmanAnd24BitRunLengths) {
    for (const std::uint32_t header_bytes : {64u, 40u}) {
        const auto huffman = probe_header(
            Bmp{.header_bytes = header_bytes, .bits = 1, .compression = 3, .image_bytes = 40});
        ASSERT_TRUE(huffman) << huffman.error().message;
        EXPECT_EQ(huffman->fourcc, kFourccHuffman);
        const auto runs = probe_header(
            Bmp{.header_bytes = header_bytes, .bits = 24, .compression = 4, .image_bytes = 40});
        ASSERT_TRUE(runs) << runs.error().message;
        EXPECT_EQ(runs->fourcc, kFourccRle24);
    }
    EXPECT_FALSE(
        probe_header(Bmp{.header_bytes = 64, .bits = 8, .compression = 3, .image_bytes = 40}));
    EXPECT_FALSE(
        probe_header(Bmp{.header_bytes = 64, .bits = 0, .compression = 4, .image_bytes = 40}));
}

TEST(BmpProbe, RefusesUnknownCompression) {
    for (const std::uint32_t compression : {7u, 11u, 12u, 13u, 0xFFFFFFFFu}) {
        const auto image =
            probe_header(Bmp{.bits = 24, .compression = compression, .image_bytes = 40});
        ASSERT_FALSE(image);
        const bool cmyk = compression >= 11 && compression <= 13;
        EXPECT_EQ(image.error().code, cmyk ? Code::kUsage : Code::kCorrupt);
    }
}

// ---- false sizes --------------------------------------------------------------------------

// The whole file is cut at every byte. When the true length is known, the pixels never fit; run
// lengths are the exception, because they may end early. When it is unknown, the header alone
// decides, and must be whole.
TEST(BmpProbe, TruncatedAtEveryByteIsNeverGuessed) {
    const Bmp kinds[] = {
        {.header_bytes = 12, .bits = 24},
        {.header_bytes = 16, .bits = 8},
        {.header_bytes = 64, .bits = 4},
        {.bits = 1},
        {.bits = 16, .compression = kBitfields, .masks = {0xF800, 0x07E0, 0x001F, 0}},
        {.bits = 32, .compression = kAlphaBitfields, .masks = {0xFF0000, 0xFF00, 0xFF, 0}},
        {.header_bytes = 108, .bits = 24},
        {.header_bytes = 124,
         .bits = 32,
         .compression = kBitfields,
         .masks = {0xFF0000, 0xFF00, 0xFF, 0xFF000000}},
        {.bits = 8, .compression = kRle8, .image_bytes = 20, .pixel_bytes = 20},
    };
    for (const Bmp& bmp : kinds) {
        const std::vector<std::byte> file = bmp.bytes();
        const auto whole = probe_header(file);
        ASSERT_TRUE(whole);
        for (std::size_t length = 0; length < file.size(); ++length) {
            const std::vector<std::byte> cut(file.begin(),
                                             file.begin() + static_cast<std::ptrdiff_t>(length));
            const bool some_runs = bmp.compression == kRle8 && length > bmp.headers_end() + 1024;
            EXPECT_EQ(parse_bmp_header(cut, length).has_value(), some_runs)
                << bmp.header_bytes << " at " << length;
            const auto from_pipe = parse_bmp_header(cut, kUnknownBytes);
            EXPECT_EQ(from_pipe.has_value(), length >= bmp.headers_end())
                << bmp.header_bytes << " at " << length;
            if (!from_pipe) continue;
            EXPECT_EQ(*from_pipe, *whole);
        }
    }
}

TEST(BmpProbe, RefusesPixelsThatDoNotFitTheFile) {
    EXPECT_TRUE(probe_header(Bmp{.width = 5, .height = 3, .pixel_bytes = 48}));
    EXPECT_FALSE(probe_header(Bmp{.width = 5, .height = 3, .pixel_bytes = 47}));
    EXPECT_FALSE(probe_header(Bmp{.width = 5, .height = -3, .pixel_bytes = 47}));
    EXPECT_FALSE(probe_header(Bmp{.width = 5, .height = 4, .pixel_bytes = 48}));
    EXPECT_FALSE(probe_header(Bmp{.width = 6, .height = 3, .pixel_bytes = 48}));
}

TEST(BmpProbe, DoesNotAskTheFileSizeField) {
    std::vector<std::byte> file = Bmp{}.bytes();
    file[2] = file[3] = file[4] = file[5] = std::byte{0};  // many programs leave it at zero
    EXPECT_TRUE(probe_header(file));
    file[5] = std::byte{0xFF};
    EXPECT_TRUE(probe_header(file));
}

TEST(BmpProbe, RefusesSidesThatAreZeroOrOverflow) {
    constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
    constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
    struct Row {
        std::int32_t width;
        std::int32_t height;
    };
    for (const Row& row : {Row{0, 3}, Row{5, 0}, Row{-5, 3}, Row{kMin, 3}, Row{5, kMin},
                           Row{kMax, kMax}, Row{kMax, -kMax}}) {
        std::vector<std::byte> file = Bmp{.pixel_bytes = 48}.bytes();
        std::memcpy(file.data() + 18, &row.width, 4);
        std::memcpy(file.data() + 22, &row.height, 4);
        file[28] = std::byte{32};
        EXPECT_FALSE(probe_header(file)) << row.width << "x" << row.height;
        EXPECT_FALSE(parse_bmp_header(file, kUnknownBytes)) << row.width << "x" << row.height;
    }
}

TEST(BmpProbe, TakesSidesAsLargeAsTheFileAllows) {
    std::vector<std::byte> file = Bmp{.pixel_bytes = 0}.bytes();
    const std::int32_t side = 1'000'000;
    std::memcpy(file.data() + 18, &side, 4);
    std::memcpy(file.data() + 22, &side, 4);
    const std::uint64_t file_bytes = 54 + std::uint64_t{3'000'000} * 1'000'000;
    EXPECT_TRUE(parse_bmp_header(file, file_bytes));
    EXPECT_FALSE(parse_bmp_header(file, file_bytes - 1));
}

TEST(BmpProbe, RefusesPixelOffsetInsideTheHeaders) {
    for (const std::uint32_t offset : {1u, 14u, 53u})
        EXPECT_FALSE(probe_header(Bmp{.pixel_offset = offset, .pixel_bytes = 1000}));
    EXPECT_FALSE(probe_header(Bmp{.bits = 16,
                                  .compression = kBitfields,
                                  .masks = {0xF800, 0x07E0, 0x1F},
                                  .pixel_offset = 65,
                                  .pixel_bytes = 1000}));
    EXPECT_TRUE(probe_header(Bmp{.pixel_offset = 5000}));
    // The pixels may cut the palette.
    EXPECT_TRUE(
        probe_header(Bmp{.bits = 8, .colors_used = 10, .pixel_offset = 93, .pixel_bytes = 1000}));
}

TEST(BmpProbe, RefusesPixelOffsetPastTheEnd) {
    std::vector<std::byte> file = Bmp{}.bytes();
    for (std::size_t at = 10; at < 14; ++at)
        file[at] = std::byte{0xFF};
    EXPECT_FALSE(probe_header(file));
}

TEST(BmpProbe, PaletteMayBeLargerThanTheBitsAllow) {
    EXPECT_TRUE(probe_header(Bmp{.bits = 4, .colors_used = 17}));
    EXPECT_TRUE(probe_header(
        Bmp{.bits = 8, .colors_used = 0xFFFFFFFF, .pixel_offset = 1078, .pixel_bytes = 48}));
    EXPECT_TRUE(probe_header(Bmp{.bits = 24, .colors_used = 300}));  // only a hint for old displays
}

TEST(BmpProbe, OffsetZeroIsBehindThePalette) {
    std::vector<std::byte> file = Bmp{.bits = 4, .colors_used = 5}.bytes();
    file[10] = std::byte{0};
    EXPECT_TRUE(probe_header(file));
    file.pop_back();
    EXPECT_FALSE(probe_header(file));
    file[49] = std::byte{0xFF};  // so many colours that the pixels lie past the end of the file
    EXPECT_FALSE(probe_header(file));
}

TEST(BmpProbe, PlanesDoNotCount) {
    EXPECT_TRUE(probe_header(Bmp{.planes = 0}));
    EXPECT_TRUE(probe_header(Bmp{.planes = 3}));
}

}  // namespace
}  // namespace mapferry
