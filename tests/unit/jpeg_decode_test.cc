// SPDX-License-Identifier: Apache-2.0
// Properties of JPEGs from cameras: without tables, turned, without an end; and the kinds that this
// decoder does not decode.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "image/exif.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "support/test_bytes.h"

namespace mapferry::testing {
namespace {

// All tables are those of the standard: stb_image_write uses no others.
Bytes jpeg_of(const char* format) {
    auto image = Image::allocate(describe_raw_image(40, 24, format).value());
    for (std::size_t i = 0; i < image->bytes().size(); ++i)
        image->bytes()[i] = std::byte(i * i / 300 & 0xFF);
    return encode_image(image->view(), PictureFormat::kJpeg).value();
}

std::size_t find_marker(const Bytes& jpeg, int marker) {
    for (std::size_t at = 0; at + 1 < jpeg.size(); ++at)
        if (jpeg[at] == std::byte{0xFF} && jpeg[at + 1] == std::byte(marker)) return at;
    ADD_FAILURE() << "no marker " << marker;
    return 0;
}

// Removes its first segment with this marker.
Bytes without(Bytes jpeg, int marker) {
    const auto begin = jpeg.begin() + static_cast<std::ptrdiff_t>(find_marker(jpeg, marker));
    const int bytes = 2 + (std::to_integer<int>(begin[2]) << 8 | std::to_integer<int>(begin[3]));
    jpeg.erase(begin, begin + bytes);
    return jpeg;
}

Bytes with_exif(const Bytes& jpeg, int turn, bool little_endian) {
    Bytes file(jpeg.begin(), jpeg.begin() + 2);
    for (const int byte : {0xFF, 0xE1, 0, 34, int{'E'}, int{'x'}, int{'i'}, int{'f'}, 0, 0})
        file.push_back(std::byte(byte));
    const Bytes big =
        bytes_of(std::string("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19) +
                 static_cast<char>(turn) + std::string(6, '\0'));
    const Bytes little =
        bytes_of(std::string("II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18) +
                 static_cast<char>(turn) + std::string(7, '\0'));
    const Bytes& block = little_endian ? little : big;
    file.insert(file.end(), block.begin(), block.end());
    file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
    return file;
}

Bytes jpeg_pixels_of(const Bytes& file, Turning turning = Turning::kByExif) {
    const auto picture = decode_picture(file, {.turning = turning});
    EXPECT_TRUE(picture) << picture.error().message;
    if (!picture) return {};
    return {picture->image.bytes().begin(), picture->image.bytes().end()};
}

// ---- MJPEG -------------------------------------------------------------------------------------

TEST(JpegTables, LeftOutAreThoseOfTheStandard) {
    for (const char* format : {"BGR24", "GRAY8"}) {
        const Bytes whole = jpeg_of(format);
        Bytes lean = whole;
        const std::size_t begin = find_marker(whole, 0xC4);
        lean = without(whole, 0xC4);
        ASSERT_LT(lean.size(), whole.size() - 400) << begin;
        EXPECT_EQ(jpeg_pixels_of(lean), jpeg_pixels_of(whole)) << format;
    }
}

// ---- EXIF --------------------------------------------------------------------------------------

std::string turned(int turn) {
    auto image = Image::allocate(describe_raw_image(3, 2, "GRAY8").value());
    std::ranges::copy(bytes_of("abcdef"), image->bytes().begin());
    const auto result = turn_image(std::move(*image), static_cast<ExifTurn>(turn));
    std::string text;
    for (std::uint32_t y = 0; y < result->description().height; ++y) {
        for (const std::byte byte : result->view().row(y))
            text += static_cast<char>(byte);
        text += ' ';
    }
    return text;
}

TEST(ExifTurns, AllEightAreRight) {
    EXPECT_EQ(turned(1), "abc def ");
    EXPECT_EQ(turned(2), "cba fed ");
    EXPECT_EQ(turned(3), "fed cba ");
    EXPECT_EQ(turned(4), "def abc ");
    EXPECT_EQ(turned(5), "ad be cf ");
    EXPECT_EQ(turned(6), "da eb fc ");
    EXPECT_EQ(turned(7), "fc eb da ");
    EXPECT_EQ(turned(8), "cf be ad ");
}

TEST(JpegExif, TurnsThePixelsUnlessAskedNotTo) {
    const Bytes plain = jpeg_of("BGR24");
    for (int turn = 1; turn <= 8; ++turn)
        for (const bool little_endian : {false, true}) {
            const Bytes file = with_exif(plain, turn, little_endian);
            auto stored = decode_image(plain);
            const auto expected = turn_image(std::move(*stored), static_cast<ExifTurn>(turn));
            const auto picture = decode_picture(file);
            ASSERT_TRUE(picture) << picture.error().message;
            EXPECT_EQ(picture->image.description(), expected->description()) << turn;
            EXPECT_TRUE(std::ranges::equal(picture->image.bytes(), expected->bytes())) << turn;
            EXPECT_EQ(jpeg_pixels_of(file, Turning::kNone), jpeg_pixels_of(plain)) << turn;
        }
}

TEST(JpegExif, ThatMakesNoSenseTurnsNothing) {
    const Bytes plain = jpeg_of("BGR24");
    for (const int turn : {0, 9, 255})
        EXPECT_EQ(jpeg_pixels_of(with_exif(plain, turn, true)), jpeg_pixels_of(plain));
    Bytes file = with_exif(plain, 6, false);
    file[12 + 4] = std::byte{0xFF};  // the offset of its directory
    EXPECT_EQ(jpeg_pixels_of(file), jpeg_pixels_of(plain));
}

// ---- kinds that are not decoded ----------------------------------------------------------------

TEST(JpegKinds, NotDecodedAreNamed) {
    struct Row {
        int marker;
        int bits;
        const char* words;
    };
    for (const Row& row : {Row{0xC3, 8, "a lossless JPEG is"}, Row{0xC9, 8, "arithmetic coding"},
                           Row{0xCA, 8, "arithmetic coding"}, Row{0xCB, 8, "a lossless JPEG of"},
                           Row{0xC5, 8, "hierarchical"}, Row{0xF7, 8, "JPEG-LS"},
                           Row{0xC1, 12, "12 bits a sample"}}) {
        Bytes file = jpeg_of("BGR24");
        const std::size_t frame = find_marker(file, 0xC0);
        file[frame + 1] = std::byte(row.marker);
        file[frame + 4] = std::byte(row.bits);
        const auto picture = decode_picture(file);
        ASSERT_FALSE(picture) << row.words;
        EXPECT_EQ(picture.error().code, Code::kUsage) << row.words;
        EXPECT_NE(picture.error().message.find(row.words), std::string::npos)
            << picture.error().message;
    }
}

TEST(JpegKinds, FourComponentsWithoutAdobesWordAreCmyk) {
    Bytes file = jpeg_of("BGR24");
    const std::size_t frame = find_marker(file, 0xC0);
    file[frame + 3] = std::byte{20};
    file[frame + 9] = std::byte{4};
    const Bytes fourth = {std::byte{4}, std::byte{0x11}, std::byte{1}};
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(frame) + 19, fourth.begin(),
                fourth.end());
    const auto picture = decode_picture(file);
    ASSERT_FALSE(picture);
    EXPECT_NE(picture.error().message.find("CMYK"), std::string::npos) << picture.error().message;
}

// ---- the end -----------------------------------------------------------------------------------

TEST(JpegEnd, MissingIsAWarning) {
    for (const char* format : {"BGR24", "GRAY8"})
        for (const int less : {1, 2}) {
            const Bytes whole = jpeg_of(format);
            const Bytes cut(whole.begin(), whole.end() - less);
            const auto picture = decode_picture(cut);
            ASSERT_TRUE(picture) << picture.error().message;
            EXPECT_EQ(jpeg_pixels_of(cut), jpeg_pixels_of(whole));
            EXPECT_EQ(picture->warnings, std::vector<std::string>{"it has no end marker"});
        }
}

TEST(JpegEnd, InTheMiddleOfThePixelsIsDamage) {
    const Bytes whole = jpeg_of("BGR24");
    const Bytes cut(whole.begin(), whole.end() - 60);
    const auto picture = decode_picture(cut);
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().message,
              "the picture is damaged: it ends in the middle of its pixels");
}

}  // namespace
}  // namespace mapferry::testing
