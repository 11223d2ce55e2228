// SPDX-License-Identifier: Apache-2.0
// What a PNG can have besides plain colours: transparent colours, 16 bits, damage.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "support/byte_list.h"
#include "support/png_builder.h"

namespace mapferry::testing {
namespace {

// One row; `row` begins with its filter.
struct Png {
    PngHeader header = {};
    Bytes palette = {};
    Bytes transparent = {};
    Bytes row = {};

    [[nodiscard]] Bytes file() const {
        PngBuilder png;
        png.put_header(header);
        if (!palette.empty()) png.put_chunk("PLTE", palette);
        if (!transparent.empty()) png.put_chunk("tRNS", transparent);
        png.put_rows(row);
        png.put_chunk("IEND", {});
        return png.file();
    }
};

void expect_pixels(const Png& png, std::uint32_t fourcc, const Bytes& pixels) {
    const auto image = decode_image(png.file());
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_EQ(pixel_format_name(image->description().fourcc), pixel_format_name(fourcc));
    EXPECT_EQ(Bytes(image->bytes().begin(), image->bytes().end()), pixels);
}

constexpr PngHeader header(std::uint32_t width, unsigned depth, unsigned color_type) {
    return {.width = width, .height = 1, .depth = depth, .color_type = color_type};
}

// ---- transparent colours -----------------------------------------------------------------------

TEST(PngTransparency, OfAGreyBecomesAlpha) {
    expect_pixels(
        {.header = header(2, 8, 0), .transparent = bytes({0, 200}), .row = bytes({0, 9, 200})},
        kFourccBgra32, bytes({9, 9, 9, 255, 200, 200, 200, 0}));
    expect_pixels(
        {.header = header(4, 2, 0), .transparent = bytes({0, 1}), .row = bytes({0, 0b00'01'10'11})},
        kFourccBgra32,
        bytes({0, 0, 0, 255, 85, 85, 85, 0, 170, 170, 170, 255, 255, 255, 255, 255}));
}

TEST(PngTransparency, OfAColourBecomesAlpha) {
    expect_pixels({.header = header(2, 8, 2),
                   .transparent = bytes({0, 1, 0, 2, 0, 3}),
                   .row = bytes({0, 1, 2, 3, 1, 2, 4})},
                  kFourccBgra32, bytes({3, 2, 1, 0, 4, 2, 1, 255}));
}

TEST(PngTransparency, OfSixteenBitsTakesAllSixteen) {
    expect_pixels({.header = header(2, 16, 0),
                   .transparent = bytes({0x12, 0x34}),
                   .row = bytes({0, 0x12, 0x34, 0x12, 0x35})},
                  kFourccRgba64,
                  bytes({0x34, 0x12, 0x34, 0x12, 0x34, 0x12, 0, 0,  //
                         0x35, 0x12, 0x35, 0x12, 0x35, 0x12, 255, 255}));
    expect_pixels({.header = header(1, 16, 2),
                   .transparent = bytes({1, 2, 3, 4, 5, 6}),
                   .row = bytes({0, 1, 2, 3, 4, 5, 6})},
                  kFourccRgba64, bytes({2, 1, 4, 3, 6, 5, 0, 0}));
}

TEST(PngTransparency, OfAPaletteBecomesAlpha) {
    expect_pixels({.header = header(2, 8, 3),
                   .palette = bytes({1, 2, 3, 4, 5, 6}),
                   .transparent = bytes({128}),
                   .row = bytes({0, 1, 0})},
                  kFourccBgra32, bytes({6, 5, 4, 255, 3, 2, 1, 128}));
}

// ---- 16 bits -----------------------------------------------------------------------------------

TEST(PngSixteenBits, StaySixteenBits) {
    expect_pixels({.header = header(2, 16, 0), .row = bytes({0, 1, 2, 0xFE, 0xFF})}, kFourccGray16,
                  bytes({2, 1, 0xFF, 0xFE}));
    expect_pixels({.header = header(1, 16, 2), .row = bytes({0, 1, 2, 3, 4, 5, 6})}, kFourccRgb48,
                  bytes({2, 1, 4, 3, 6, 5}));
    expect_pixels({.header = header(1, 16, 4), .row = bytes({0, 1, 2, 3, 4})}, kFourccRgba64,
                  bytes({2, 1, 2, 1, 2, 1, 4, 3}));
    expect_pixels({.header = header(1, 16, 6), .row = bytes({0, 1, 2, 3, 4, 5, 6, 7, 8})},
                  kFourccRgba64, bytes({2, 1, 4, 3, 6, 5, 8, 7}));
}

TEST(PngSixteenBits, AreWrittenAndReadAgain) {
    for (const char* format : {"GRAY16", "RGB48", "RGBA64"}) {
        auto image = Image::allocate(describe_raw_image(61, 33, format).value());
        const Bytes noise = random_bytes(image->bytes().size());
        // Half noise, half smooth, so that every filter is used.
        for (std::size_t i = 0; i < noise.size(); ++i)
            image->bytes()[i] = i < noise.size() / 2 ? noise[i] : std::byte(i / 50);
        const auto file = encode_image(image->view(), PictureFormat::kPng);
        ASSERT_TRUE(file) << file.error().message;
        const auto again = decode_image(*file);
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(again->description(), image->description());
        EXPECT_TRUE(std::ranges::equal(again->bytes(), image->bytes()));
    }
}

TEST(PngGrey, WithAlphaKeepsIt) {
    expect_pixels({.header = header(2, 8, 4), .row = bytes({0, 7, 8, 9, 10})}, kFourccBgra32,
                  bytes({7, 7, 7, 8, 9, 9, 9, 10}));
}

// ---- EXIF --------------------------------------------------------------------------------------

TEST(PngExif, TurnsThePixels) {
    PngBuilder png;
    png.put_header({.width = 2, .height = 1, .depth = 8, .color_type = 0});
    png.put_chunk("eXIf", bytes({'M', 'M',  0, 42, 0, 0, 0, 8, 0, 1,  //
                                 1,   0x12, 0, 3,  0, 0, 0, 1, 0, 3, 0, 0}));
    png.put_rows(bytes({0, 1, 2}));
    png.put_chunk("IEND", {});
    const auto turned = decode_picture(png.file());
    ASSERT_TRUE(turned);
    EXPECT_TRUE(std::ranges::equal(turned->image.bytes(), bytes({2, 1})));
    const auto stored = decode_picture(png.file(), {.turning = Turning::kNone});
    ASSERT_TRUE(stored);
    EXPECT_TRUE(std::ranges::equal(stored->image.bytes(), bytes({1, 2})));
}

// ---- damage ------------------------------------------------------------------------------------

std::string reason(const Bytes& file) {
    const auto image = decode_image(file);
    return image ? "" : image.error().message;
}

const Png kSound{.header = header(2, 8, 0), .transparent = {}, .row = bytes({0, 9, 200})};

TEST(PngDamage, WithoutItsEndIsNamed) {
    Bytes file = kSound.file();
    file.resize(file.size() - 12);
    EXPECT_EQ(reason(file), "the picture is damaged: it ends before its IEND chunk");
}

TEST(PngDamage, OfAByteIsFoundByTheChecksum) {
    const Bytes whole = kSound.file();
    Bytes file = whole;
    file[whole.size() - 12 - 4 - 5] ^= std::byte{1};  // a byte of the pixels
    EXPECT_EQ(reason(file), "the picture is damaged: the checksum of its IDAT chunk is wrong");
}

TEST(PngDamage, OfAChunkThatCountsForNothingIsNone) {
    PngBuilder png;
    png.put_header(header(2, 8, 0));
    png.put_chunk("tEXt", bytes({'a', 0, 'b'}));
    png.put_rows(kSound.row);
    png.put_chunk("IEND", {});
    Bytes file = png.file();
    file[8 + 25 + 8] ^= std::byte{1};
    EXPECT_EQ(reason(file), "");
}

TEST(PngDamage, HasAReasonWhateverItIs) {
    const Bytes whole = kSound.file();
    for (std::size_t at = 8; at < whole.size(); ++at)
        for (const int value : {0x00, 0x41, 0x7F, 0x80, 0xFF}) {
            Bytes file = whole;
            file[at] = std::byte(value);
            const auto image = decode_image(file);
            if (image) continue;
            EXPECT_FALSE(image.error().message.ends_with(": ")) << at;
            EXPECT_EQ(image.error().message.find("outofdata"), std::string::npos) << at;
        }
}

TEST(PngAnimation, ShowsItsFirstPictureWithAWord) {
    PngBuilder png;
    png.put_header(header(2, 8, 0));
    png.put_chunk("acTL", bytes({0, 0, 0, 2, 0, 0, 0, 0}));
    png.put_rows(kSound.row);
    png.put_chunk("IEND", {});
    const auto picture = decode_picture(png.file());
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->warnings.size(), 1u);
}

}  // namespace
}  // namespace mapferry::testing
