// SPDX-License-Identifier: Apache-2.0
// Pictures one behind the other, in pieces of any size.
#include "mapferry/picture_splitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "mapferry/image_file.h"
#include "support/bmp_pictures.h"
#include "support/png_builder.h"

namespace mapferry::testing {
namespace {

// The output: pictures as their bytes, other bytes as their number.
struct Piece {
    Bytes picture = {};
    std::uint64_t other_bytes = 0;
    friend bool operator==(const Piece&, const Piece&) = default;
};

std::vector<Piece> split(const Bytes& stream, std::size_t step_bytes) {
    PictureSplitter splitter(1 << 20);
    std::vector<Piece> pieces;
    std::size_t at = 0;
    for (bool ended = false; !ended;) {
        const auto room = splitter.room(step_bytes);
        const std::size_t count = std::min({step_bytes, room->size(), stream.size() - at});
        std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, room->begin());
        splitter.add(count);
        at += count;
        ended = count == 0;
        if (ended) splitter.end();
        while (true) {
            auto piece = splitter.next();
            EXPECT_TRUE(piece) << piece.error().message;
            if (!piece || !*piece) break;
            const auto bytes = (*piece)->picture;
            pieces.push_back({{bytes.begin(), bytes.end()}, (*piece)->other_bytes});
        }
    }
    return pieces;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

void expect_pieces(const Bytes& stream, const std::vector<Piece>& expected) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{300}, stream.size()})
        EXPECT_TRUE(split(stream, step) == expected) << "in steps of " << step;
}

Bytes picture_file(PictureFormat format, int value, const char* pixels = "BGR24") {
    auto image = Image::allocate(describe_raw_image(9, 7, pixels).value());
    for (std::size_t i = 0; i < image->bytes().size(); ++i)
        image->bytes()[i] = std::byte(i * 5 + static_cast<std::size_t>(value));
    return encode_image(image->view(), format).value();
}

const Bytes kGif = [] {
    const std::string text(
        "GIF89a\x02\0\x01\0\x80\0\0ABCDEF!\xFE\x02hi\0,\0\0\0\0\x02\0\x01\0\0\x02\x02LX\0;", 41);
    return bytes_of(text);
}();

// ---- what belongs together ---------------------------------------------------------------------

TEST(PictureSplitter, TakesEveryFormatApart) {
    const Bytes bmp = picture_file(PictureFormat::kBmp, 1);
    const Bytes png = picture_file(PictureFormat::kPng, 2);
    const Bytes jpeg = picture_file(PictureFormat::kJpeg, 3);
    const Bytes ppm = picture_file(PictureFormat::kPnm, 4);
    const Bytes pgm = picture_file(PictureFormat::kPnm, 5, "GRAY16");
    expect_pieces(joined({bmp, bmp, png, jpeg, jpeg, ppm, kGif, pgm, png, bmp}),
                  {{bmp}, {bmp}, {png}, {jpeg}, {jpeg}, {ppm}, {kGif}, {pgm}, {png}, {bmp}});
}

TEST(PictureSplitter, TakesEveryBitmapApart) {
    const Bytes png = picture_file(PictureFormat::kPng, 2);
    for (const BmpPicture& bmp : every_bmp()) {
        SCOPED_TRACE(bmp.name);
        const std::size_t step = 1000;
        EXPECT_TRUE(split(joined({bmp.file, png, bmp.file}), step) ==
                    (std::vector<Piece>{{bmp.file}, {png}, {bmp.file}}));
    }
}

TEST(PictureSplitter, WrongFileSizeOfABitmapDoesNotCount) {
    for (const int value : {0, 1, 0xFF}) {
        Bytes bmp = picture_file(PictureFormat::kBmp, 1);
        bmp[2] = bmp[3] = bmp[4] = std::byte(value);
        expect_pieces(joined({bmp, bmp}), {{bmp}, {bmp}});
    }
}

// No viewer trusts the file's field for its size, nor the field for the size of its pixels.
TEST(PictureSplitter, WrongFileSizeOfAnEncodedBitmapDoesNotCount) {
    int seen = 0;
    const Bytes png = picture_file(PictureFormat::kPng, 1);
    for (const BmpPicture& bmp : every_bmp()) {
        if (!bmp.name.starts_with("rle")) continue;
        ++seen;
        Bytes wrong = bmp.file;
        const auto pixels_at = std::to_integer<std::uint32_t>(wrong[10]) |
                               std::to_integer<std::uint32_t>(wrong[11]) << 8;
        for (std::size_t i = 0; i < 4; ++i)
            wrong[2 + i] = std::byte((pixels_at + 7) >> 8 * i & 0xFF);
        EXPECT_TRUE(split(joined({wrong, png}), 1 << 20) == (std::vector<Piece>{{wrong}, {png}}))
            << bmp.name;
        EXPECT_TRUE(split(wrong, 1 << 20) == std::vector<Piece>{{wrong}}) << bmp.name;
    }
    EXPECT_GE(seen, 2);
}

TEST(PictureSplitter, JpegWithoutItsEndEndsWhereTheNextBegins) {
    const Bytes whole = picture_file(PictureFormat::kJpeg, 3);
    const Bytes cut(whole.begin(), whole.end() - 2);
    expect_pieces(joined({cut, whole, cut}), {{cut}, {whole}, {cut}});
}

TEST(PictureSplitter, JpegWithoutItsEndTakesNoPictureOfAnotherKind) {
    const Bytes whole = picture_file(PictureFormat::kJpeg, 3);
    const Bytes cut(whole.begin(), whole.end() - 2);
    const Bytes png = picture_file(PictureFormat::kPng, 1);
    const Bytes pnm = picture_file(PictureFormat::kPnm, 1);
    expect_pieces(joined({cut, png, pnm}), {{cut}, {png}, {pnm}});
}

TEST(PictureSplitter, SizePastTheLimitHoldsNothingUp) {
    const Bytes huge = bytes_of("P6 30000 30000 255\n");
    const Bytes png = picture_file(PictureFormat::kPng, 1);
    PictureSplitter splitter(1 << 20);
    const Bytes stream = joined({huge, png});
    auto room = splitter.room(stream.size());
    ASSERT_TRUE(room);
    std::ranges::copy(stream, room->begin());
    splitter.add(stream.size());
    for (const Bytes& expected : {huge, png}) {
        const auto piece = splitter.next();
        ASSERT_TRUE(piece && *piece);
        EXPECT_TRUE(std::ranges::equal((*piece)->picture, expected));
    }
}

// Otherwise a file of some hundred KB takes minutes, and the sanitizers' runs would take hours.
TEST(PictureSplitter, BeginningsWithoutAnEndAreLookedAtBriefly) {
    for (const std::string& beginning :
         {std::string("P5#"), std::string("\xFF\xD8\xFF\xE0\0\4", 6)}) {
        std::string text = "x";
        while (text.size() < std::size_t{4} << 20)
            text += beginning;
        std::uint64_t other_bytes = 0;
        for (const Piece& piece : split(bytes_of(text), text.size())) {
            EXPECT_TRUE(piece.picture.empty());
            other_bytes += piece.other_bytes;
        }
        EXPECT_EQ(other_bytes, text.size());
    }
}

TEST(PictureSplitter, ThumbnailInAJpegIsNoPictureOfItsOwn) {
    const Bytes small = picture_file(PictureFormat::kJpeg, 1);
    const Bytes large = picture_file(PictureFormat::kJpeg, 2);
    Bytes head(large.begin(), large.begin() + 2);
    const std::size_t length = 2 + small.size();
    for (const std::size_t byte :
         {std::size_t{0xFF}, std::size_t{0xE1}, length >> 8, length & 0xFF})
        head.push_back(std::byte(byte));
    const Bytes with_thumbnail = joined({head, small, Bytes(large.begin() + 2, large.end())});
    expect_pieces(joined({with_thumbnail, small}), {{with_thumbnail}, {small}});
}

// A whole picture is given out at once, without waiting for more bytes.
TEST(PictureSplitter, GivesAPictureWithItsLastByte) {
    for (const PictureFormat format :
         {PictureFormat::kBmp, PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kPnm}) {
        const Bytes file = picture_file(format, 1);
        PictureSplitter splitter(1 << 20);
        const auto room = splitter.room(file.size());
        std::ranges::copy(file, room->begin());
        splitter.add(file.size() - 1);
        const auto early = splitter.next();
        EXPECT_TRUE(early && !*early);
        splitter.add(1);
        const auto piece = splitter.next();
        ASSERT_TRUE(piece && *piece);
        EXPECT_TRUE(std::ranges::equal((*piece)->picture, file));
    }
}

// ---- damage ------------------------------------------------------------------------------------

TEST(PictureSplitter, PictureWithoutItsEndCostsOnlyItself) {
    const Bytes png = picture_file(PictureFormat::kPng, 2);
    const Bytes ppm = picture_file(PictureFormat::kPnm, 4);
    for (const std::size_t less : {12u, 20u, 60u}) {
        const Bytes cut(png.begin(), png.end() - static_cast<std::ptrdiff_t>(less));
        expect_pieces(joined({png, cut, png, ppm}), {{png}, {cut}, {png}, {ppm}});
        expect_pieces(joined({ppm, cut}), {{ppm}, {cut}});
    }
}

TEST(PictureSplitter, CutPictureOfKnownSizeCostsOnlyItself) {
    const Bytes png = picture_file(PictureFormat::kPng, 2);
    for (const PictureFormat format : {PictureFormat::kBmp, PictureFormat::kPnm}) {
        const Bytes whole = picture_file(format, 1);
        const Bytes cut(whole.begin(), whole.end() - 1);
        const Bytes stream = joined({cut, png, whole});
        EXPECT_TRUE(split(stream, stream.size()) == (std::vector<Piece>{{cut}, {png}, {whole}}));
    }
}

TEST(PictureSplitter, CountsBytesThatAreNoPicture) {
    const Bytes png = picture_file(PictureFormat::kPng, 2);
    const Bytes junk = bytes_of("PNG? BM? no, but P5 and P6 and \xFF\xD8\xFF as well");
    const Piece other{.picture = {}, .other_bytes = junk.size()};
    expect_pieces(joined({png, junk, png}), {{png}, other, {png}});
    expect_pieces(joined({png, junk}), {{png}, other});
    expect_pieces(junk, {other});
    expect_pieces({}, {});
}

TEST(PictureSplitter, EndlessBytesThatAreNoPictureAreNotKept) {
    PictureSplitter splitter(1 << 20);
    std::uint64_t told = 0;
    for (int i = 0; i < 100; ++i) {
        const auto room = splitter.room(1 << 16);
        ASSERT_LE(room->size(), std::size_t{1} << 18);
        std::ranges::fill(*room, std::byte{'x'});
        splitter.add(room->size());
        const auto piece = splitter.next();
        ASSERT_TRUE(piece);
        if (*piece) told += (*piece)->other_bytes;
    }
    EXPECT_GE(told, kOtherBytesMax);
}

TEST(PictureSplitter, TooLargeAPictureIsAnError) {
    PictureSplitter splitter(1000);
    const Bytes header = bytes_of("P5 1000 1000 255\n");
    auto room = splitter.room(header.size());
    std::ranges::copy(header, room->begin());
    splitter.add(room->size());
    EXPECT_TRUE(splitter.next());
    room = splitter.room(2000);
    splitter.add(room->size());
    const auto piece = splitter.next();
    ASSERT_FALSE(piece);
    EXPECT_EQ(piece.error().code, Code::kIo);
}

TEST(PictureSplitter, RandomDamageLosesNoByte) {
    const Bytes whole =
        joined({picture_file(PictureFormat::kPng, 1), picture_file(PictureFormat::kJpeg, 2),
                picture_file(PictureFormat::kBmp, 3), picture_file(PictureFormat::kPnm, 4), kGif});
    for (std::uint64_t seed = 1; seed < 300; ++seed) {
        const Bytes random = random_bytes(8, seed);
        Bytes stream = whole;
        for (std::size_t i = 0; i + 1 < random.size(); i += 2) {
            const auto at = std::to_integer<std::size_t>(random[i]) * 8 % stream.size();
            stream[at] = random[i + 1];
        }
        std::uint64_t bytes = 0;
        for (const Piece& piece : split(stream, 100))
            bytes += piece.picture.size() + piece.other_bytes;
        EXPECT_EQ(bytes, stream.size()) << seed;
    }
}

}  // namespace
}  // namespace mapferry::testing
