// SPDX-License-Identifier: Apache-2.0
// Bitmaps that hold more than rows of pixels: run lengths, fax codes, 64 bits, other files inside.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "support/bmp_builder.h"
#include "support/byte_list.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

// Puts `data` in place of the bitmap's pixels, and adds a palette of greys.
Bytes bitmap(Bmp bmp, const Bytes& data) {
    bmp.image_bytes = static_cast<std::uint32_t>(data.size());
    bmp.pixel_bytes = data.size();
    Bytes file = bmp.bytes();
    for (std::uint32_t i = 0; i < bmp.palette_bytes(); ++i)
        file[bmp.headers_end() + i] = std::byte(i / 4);
    std::ranges::copy(data, file.end() - static_cast<std::ptrdiff_t>(data.size()));
    return file;
}

DecodedPicture decoded(const Bytes& file) {
    auto picture = decode_picture(file);
    EXPECT_TRUE(picture) << picture.error().message;
    return std::move(*picture);
}

Bytes pixels_of(const DecodedPicture& picture) {
    return {picture.image.bytes().begin(), picture.image.bytes().end()};
}

// ---- run lengths -------------------------------------------------------------------------------

constexpr Bmp kRle8Of2x2{.width = 2, .height = 2, .bits = 8, .compression = kRle8};

TEST(BmpRuns, PastTheEndOfARowAreLeftOut) {
    const auto picture = decoded(bitmap(kRle8Of2x2, bytes({9, 7, 0, 0, 0, 4, 1, 2, 3, 4, 0, 1})));
    EXPECT_EQ(pixels_of(picture), bytes({1, 1, 1, 2, 2, 2, 7, 7, 7, 7, 7, 7}));
    EXPECT_TRUE(picture.warnings.empty());
}

TEST(BmpRuns, PastTheLastRowAreLeftOut) {
    const auto picture = decoded(bitmap(
        kRle8Of2x2, bytes({2, 1, 0, 0, 2, 2, 0, 0, 2, 3, 0, 2, 255, 255, 2, 4, 0, 0, 0, 1})));
    EXPECT_EQ(pixels_of(picture), bytes({2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1}));
}

TEST(BmpRuns, DeltaLeavesTransparentPixels) {
    const auto picture = decoded(bitmap(kRle8Of2x2, bytes({0, 2, 1, 1, 1, 5, 0, 1})));
    EXPECT_EQ(picture.image.description().fourcc, kFourccBgra32);
    EXPECT_EQ(pixels_of(picture), bytes({0, 0, 0, 0, 5, 5, 5, 255, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_TRUE(picture.warnings.empty());
}

TEST(BmpRuns, CutAnywhereShowWhatIsThereWithAWord) {
    const Bytes whole = bytes({2, 1, 0, 0, 0, 3, 5, 6, 7, 0, 0, 1});
    for (std::size_t length = 1; length <= 8; ++length) {
        const auto picture = decoded(bitmap(
            kRle8Of2x2, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}));
        if (length >= 8) continue;  // all pixels are there
        EXPECT_EQ(picture.image.description().fourcc, kFourccBgra32) << length;
        EXPECT_EQ(picture.warnings.size(), 1u) << length;
    }
}

TEST(BmpRuns, WithoutAnyPixelsAreTransparent) {
    const auto picture = decoded(bitmap(kRle8Of2x2, bytes({0, 1})));
    EXPECT_EQ(pixels_of(picture), Bytes(16));
}

// ---- Huffman's code of fax machines ------------------------------------------------------------

// Made by libtiff 4.5 (COMPRESSION_CCITTFAX3, one-dimensional), in two strips. A row is black
// except for a white run of r pixels behind the first r, for each length r that has a code of its
// own.
constexpr int kFaxWidth = 5200;
constexpr std::string_view kFaxRows =
    "0013501f01f03c17001354380f80f81e0e0026bb80f80f81e1c004d6801f01f03c20009abb01f01f03c50013"
    "53c01f01f03c8004d4b807c07c0f60026a3f01f01f03f0013516603e03e0786e0026a25007c07c198004d421"
    "c07c07c0b0004d42a007c07c164004d439003e03e0500026a08180f80f81c0009a83e803e03e0480026a18d4"
    "07c07c148004d417a807c07c190004d418ac07c07c158004d4084e03e03e0a80026a19c600f80f86d0009a86"
    "81003e03e0d80026a1b0b80f80f86b0009a8370603e03e1a80026a0a0200f80f8690009a8175003e03e0d400"
    "26a061580f80f8340009a8651301f01f0cc001350cb4803e03e1940026a1986007c07c0b8009a8668100f80f"
    "837001350680301f01f0d00026a0d23403e03e040009a8350d80f80f82e0026a0d62403e03e0e0026a1a4260"
    "3e03e1c004d434c5007c07c20009a86a0a80f80f8a0026a1aa2c03e03e40026a1ac2e03e03ec004d435ca007"
    "c07f0013506c2901f01f0dc004d41b4a807c078198004d4368ac07c0780b0004d436cb007c078164004d4150"
    "b407c0780a0004d41541007c0780e0004d41581407c078090004d415c2807c078148004d41902c07c0781900"
    "04d41954807c078158004d41494c07c078150004d414d5007c078368004d40915407c0781b0004d40dc9007c"
    "078358004d40e09407c078350004d409d6007c078348004d40a16407c0781a8004d41616807c0781a0004d41"
    "656c07c078330004d40ad2807c078328004d40b12c07c0780b8009a82d1900f80f037001350663301f01e0d0"
    "0026a0ce6803e03c040009a81e1becd407c07817001350c80de46a03e0380b8009a86486eb9a80f80b02e002"
    "6a0b61bb73501f01405c004d40cc37363501f01205c004d40d037373501f0180b8009a81a86ec86a03e06505"
    "c004d40d81bb29a80f816c170013503686ed06a03e05505c004d40941bb39a80f814c170013502586ecc3501"
    "f03b82e0026a04c0dd9a6a03e07505c004d409a1bb48d407c0e60b8009a81c837699a80f8134170013503986"
    "ed43501f02582e0026a0740ddaa6a03e06d05c004d40ea1bb58d407c0d4170013503b06ed73501f03305c004"
    "d40ee1bb60d407c324170013502906ed93501f03c170013502986eda3501e05c004d40a81bb6cd4070170013"
    "502a86e983501605c004d40b41ba64d4050170013502d86e9a3501205c004d40c81bb06a030170013503286e"
    "9b3503282e0026a020370106a05b05c004d40606e030d40aa0b8009a80d0dc069a814c17001350120dc048d4"
    "0ee0b8009a80986e0266a07505c004d4050370143503982e0026a02a1b80a9a813417001350160dc058d4096"
    "0b8009a80b86e02e6a06d05c0013501c0dc070d40d4170013501d0dc074d40cc170013501e0dc078d4324170"
    "013501f0dc07cd40f05c";

Bytes from_hex(std::string_view text) {
    const auto digit = [](char letter) { return letter <= '9' ? letter - '0' : letter - 'a' + 10; };
    Bytes result;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        result.push_back(std::byte(digit(text[i]) << 4 | digit(text[i + 1])));
    return result;
}

// Packs a text of the bits of white and black runs.
Bytes pack(std::string_view text) {
    Bytes result;
    std::size_t count = 0;
    for (const char bit : text) {
        if (bit == ' ') continue;
        if (count % 8 == 0) result.push_back(std::byte{0});
        if (bit == '1') result.back() |= std::byte(0x80 >> count % 8);
        ++count;
    }
    return result;
}

constexpr Bmp kHuffmanOf8x2{
    .header_bytes = 64, .width = 8, .height = 2, .bits = 1, .compression = kOs2Huffman};

TEST(BmpHuffman, EveryCodeIsDecoded) {
    const int rows = 64 + 40;
    const Bmp bmp{.header_bytes = 64,
                  .width = kFaxWidth,
                  .height = -rows,
                  .bits = 1,
                  .compression = kOs2Huffman};
    const auto picture = decoded(bitmap(bmp, from_hex(kFaxRows)));
    EXPECT_TRUE(picture.warnings.empty()) << picture.warnings[0];
    const Bytes pixels = pixels_of(picture);
    for (int y = 0; y < rows; ++y) {
        const int run = y < 64 ? y : (y - 63) * 64;
        int wrong = 0;
        for (int x = 0; x < kFaxWidth; ++x) {
            const bool white = x >= run && x < 2 * run;
            const std::size_t at =
                3 * (static_cast<std::size_t>(y) * kFaxWidth + static_cast<std::size_t>(x));
            if (pixels[at] != std::byte(white ? 0 : 1)) ++wrong;
        }
        EXPECT_EQ(wrong, 0) << "run of " << run;
    }
}

TEST(BmpHuffman, RowsNeedNoEndsAndAreBottomUp) {
    // 4 white, 4 black; 8 black.
    const auto picture = decoded(bitmap(kHuffmanOf8x2, pack("1011 011 00110101 000101")));
    const Bytes pixels = pixels_of(picture);
    EXPECT_EQ(Bytes(pixels.begin(), pixels.begin() + 24), Bytes(24, std::byte{1}));
    EXPECT_EQ(pixels[24], std::byte{0});
    EXPECT_EQ(pixels[24 + 12], std::byte{1});
    EXPECT_TRUE(picture.warnings.empty());
}

TEST(BmpHuffman, DamagedRowCostsItselfWithAWord) {
    const auto picture = decoded(bitmap(
        kHuffmanOf8x2, pack("000000000001 0000000011 000000000001 00110101 000101 000000000001")));
    ASSERT_EQ(picture.warnings.size(), 1u);
    EXPECT_EQ(picture.warnings[0], "1 of its 2 rows are damaged or missing");
    EXPECT_EQ(pixels_of(picture)[0], std::byte{1});
    EXPECT_EQ(pixels_of(picture)[24], std::byte{0});
}

TEST(BmpHuffman, RandomBytesAreBounded) {
    for (std::uint64_t seed = 1; seed < 200; ++seed)
        (void)decoded(bitmap(kHuffmanOf8x2, random_bytes(300, seed)));
}

// ---- 64 bits -----------------------------------------------------------------------------------

TEST(Bmp64, LinearLightBecomesSrgbOf16Bits) {
    // Blue, green, red, alpha; 8192 is 1.0, 0xFFFF is negative.
    const Bytes data = bytes({0, 0x20, 0, 0x10, 0, 0, 0, 0x20,        // 1, 1/2, 0, 1
                              0xFF, 0xFF, 0, 0x30, 26, 0, 0, 0x08});  // -, 1.5, small, 1/4
    const auto picture = decoded(bitmap({.width = 2, .height = 1, .bits = 64}, data));
    ASSERT_EQ(picture.image.description().fourcc, kFourccRgba64);
    const Bytes pixels = pixels_of(picture);
    const auto sample = [&](std::size_t i) {
        return std::to_integer<int>(pixels[2 * i]) | std::to_integer<int>(pixels[2 * i + 1]) << 8;
    };
    EXPECT_EQ(sample(0), 0);
    EXPECT_EQ(sample(1), std::lround((1.055 * std::pow(0.5, 1 / 2.4) - 0.055) * 65535));
    EXPECT_EQ(sample(2), 65535);
    EXPECT_EQ(sample(3), 65535);
    EXPECT_EQ(sample(4), std::lround((1.055 * std::pow(26 / 8192.0, 1 / 2.4) - 0.055) * 65535));
    EXPECT_EQ(sample(5), 65535);
    EXPECT_EQ(sample(6), 0);
    EXPECT_EQ(sample(7), 16384);
}

// ---- channels ----------------------------------------------------------------------------------

TEST(BmpChannels, OfMoreThanEightBitsAreRoundedWithAWord) {
    const Bytes data = bytes({0xFF, 0x07, 0xC0, 0x1F});  // red 508, green 1, blue 1023
    const auto picture = decoded(bitmap({.width = 1,
                                         .height = 1,
                                         .bits = 32,
                                         .compression = kBitfields,
                                         .masks = {0x3FF00000, 0x000FFC00, 0x000003FF, 0}},
                                        data));
    EXPECT_EQ(pixels_of(picture), bytes({255, 0, 127}));
    EXPECT_EQ(picture.warnings, std::vector<std::string>{"its channels of 10 bits become 8"});
}

// ---- other files inside ------------------------------------------------------------------------

Image picture_of(const char* format) {
    auto image = Image::allocate(describe_raw_image(16, 8, format).value());
    for (std::size_t i = 0; i < image->bytes().size(); ++i)
        image->bytes()[i] = std::byte(i / 3);
    return std::move(*image);
}

TEST(BmpInside, PngAndJpegAreDecoded) {
    const Image image = picture_of("BGR24");
    for (const PictureFormat format : {PictureFormat::kPng, PictureFormat::kJpeg}) {
        const Bytes inside = encode_image(image.view(), format).value();
        for (const std::int32_t height : {8, -8})
            for (const std::uint32_t bits : {0u, 24u}) {
                const bool png = format == PictureFormat::kPng;
                const auto picture = decoded(bitmap({.header_bytes = 124,
                                                     .width = 16,
                                                     .height = height,
                                                     .bits = bits,
                                                     .compression = png ? kPng : kJpeg},
                                                    inside));
                EXPECT_EQ(pixels_of(picture), pixels_of(decoded(inside)));
            }
    }
}

TEST(BmpInside, OtherThingsAreRefusedWithTheReason) {
    const Bmp bmp{.width = 16, .height = 8, .bits = 0, .compression = kPng};
    for (const Bytes& inside : {Bmp{}.bytes(), bytes({1, 2, 3}), random_bytes(100)}) {
        const auto picture = decode_picture(bitmap(bmp, inside));
        ASSERT_FALSE(picture);
        EXPECT_EQ(picture.error().code, Code::kCorrupt);
        EXPECT_NE(picture.error().message.find("no JPEG and no PNG"), std::string::npos);
    }
}

// ---- limits ------------------------------------------------------------------------------------

TEST(BmpLimits, EncodedOnesCannotClaimMoreThanAllowed) {
    for (const std::uint32_t compression : {kRle8, kPng}) {
        const Bmp bmp{.width = 30'000,
                      .height = 30'000,
                      .bits = compression == kRle8 ? 8U : 0U,
                      .compression = compression};
        const auto picture =
            decode_picture(bitmap(bmp, bytes({0, 1})), {.limits = {.pixel_bytes_max = 1 << 20}});
        ASSERT_FALSE(picture);
        EXPECT_EQ(picture.error().code, Code::kIo);
    }
}

}  // namespace
}  // namespace mapferry::testing
