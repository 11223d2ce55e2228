// SPDX-License-Identifier: Apache-2.0
// Picture files into pixels and back, and malicious files.
#include "mapferry/image_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "mapferry/image_convert.h"
#include "support/bmp_pictures.h"
#include "support/png_builder.h"
#include "support/scratch_folder.h"

namespace mapferry::testing {
namespace {

using namespace std::string_view_literals;

Bytes to_bytes(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// The picture is smooth, so that JPEG comes close to it; all bytes of a pixel differ.
Image picture(std::uint32_t width, std::uint32_t height, const char* format) {
    auto image = Image::allocate(describe_raw_image(width, height, format).value());
    const auto stride = static_cast<std::size_t>(image->description().row_stride_bytes);
    const std::size_t pixel = image->description().bits_per_pixel / 8;
    for (std::size_t i = 0; i < image->bytes().size(); ++i)
        image->bytes()[i] =
            std::byte((i % stride / pixel * 3 + i / stride * 2 + i % pixel * 60) & 0xFF);
    return std::move(*image);
}

Bytes encoded(const Image& image, PictureFormat format) {
    return encode_image(image.view(), format, {.jpeg_quality = 100}).value();
}

Code code_of(const Bytes& file, const ImageLimits& limits = {}) {
    const auto image = decode_image(file, limits);
    return image ? Code{} : image.error().code;
}

// ---- bitmaps -----------------------------------------------------------------------------------

TEST(DecodeImage, EveryBitmapIsPixelExact) {
    for (const BmpPicture& bmp : every_bmp()) {
        SCOPED_TRACE(bmp.name);
        const auto image = decode_image(bmp.file);
        ASSERT_TRUE(image) << image.error().message;
        EXPECT_EQ(image->description().fourcc, bmp.has_alpha ? kFourccBgra32 : kFourccBgr24);
        EXPECT_EQ(image->description().width, std::uint32_t{kPictureWidth});
        EXPECT_EQ(image->description().orientation, Orientation::kTopDown);
        EXPECT_TRUE(std::ranges::equal(image->bytes(), bmp.pixels));
    }
}

TEST(DecodeImage, CutBitmapIsDamaged) {
    for (const BmpPicture& bmp : every_bmp()) {
        if (bmp.name.starts_with("rle") || bmp.name.starts_with("bgr24-odd-size")) continue;
        Bytes file = bmp.file;
        file.pop_back();
        EXPECT_EQ(code_of(file), Code::kCorrupt) << bmp.name;
        file.resize(28);
        EXPECT_EQ(code_of(file), Code::kCorrupt) << bmp.name;
    }
}

// ---- round trips -------------------------------------------------------------------------------

TEST(EncodeImage, LosslessFormatsGiveTheSamePixels) {
    struct Row {
        const char* format;
        PictureFormat file;
    };
    for (const Row& row : {Row{"BGR24", PictureFormat::kBmp}, Row{"BGRA32", PictureFormat::kBmp},
                           Row{"BGR24", PictureFormat::kPng}, Row{"BGRA32", PictureFormat::kPng},
                           Row{"GRAY8", PictureFormat::kPng}, Row{"BGR24", PictureFormat::kPnm},
                           Row{"GRAY8", PictureFormat::kPnm}, Row{"GRAY16", PictureFormat::kPnm},
                           Row{"RGB48", PictureFormat::kPnm}, Row{"GRAY16", PictureFormat::kPng},
                           Row{"RGB48", PictureFormat::kPng}, Row{"RGBA64", PictureFormat::kPng}}) {
        SCOPED_TRACE(row.format);
        const Image image = picture(37, 21, row.format);
        const auto again = decode_image(encoded(image, row.file));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(again->description(), image.description());
        EXPECT_TRUE(std::ranges::equal(again->bytes(), image.bytes()));
    }
}

TEST(EncodeImage, JpegIsClose) {
    for (const char* format : {"BGR24", "GRAY8"}) {
        const Image image = picture(48, 32, format);
        const auto again = decode_image(encoded(image, PictureFormat::kJpeg));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(again->description().width, 48u);
        const auto view = convert_image(again->view(), image.description().fourcc);
        ASSERT_TRUE(view);
        int worst = 0;
        for (std::size_t i = 0; i < image.bytes().size(); ++i)
            worst = std::max(worst, std::abs(std::to_integer<int>(view->bytes()[i]) -
                                             std::to_integer<int>(image.bytes()[i])));
        EXPECT_LE(worst, 8) << format;
    }
}

TEST(EncodeImage, TurnsBottomUpRowsAndSkipsPadding) {
    const Image image = picture(5, 3, "BGR24");
    ImageDescription stored = image.description();
    stored.row_stride_bytes = 16;
    stored.orientation = Orientation::kBottomUp;
    Bytes bytes(16 * 3);
    ASSERT_TRUE(convert_image_into(image.view(), stored, bytes));
    const auto file = encode_image(*ImageView::make(stored, bytes), PictureFormat::kPng);
    ASSERT_TRUE(file);
    EXPECT_EQ(*file, encoded(image, PictureFormat::kPng));
}

TEST(EncodeImage, LossOfAFormatIsKnownBefore) {
    EXPECT_EQ(encoding_loss(kFourccRgb48, PictureFormat::kPng), "");
    EXPECT_EQ(encoding_loss(kFourccRgb48, PictureFormat::kBmp), "16 bits a sample become 8");
    EXPECT_EQ(encoding_loss(kFourccBgra32, PictureFormat::kPnm), "alpha is dropped");
    EXPECT_EQ(encoding_loss(kFourccRgba64, PictureFormat::kJpeg),
              "16 bits a sample become 8, and alpha is dropped");
    EXPECT_EQ(encoding_loss(kFourccRgb565, PictureFormat::kPng), "");
}

TEST(EncodeImage, RefusesPalettes) {
    const auto file = encode_image(picture(5, 3, "PAL8").view(), PictureFormat::kPng);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::kUsage);
}

TEST(DecodeImage, PnmWithAnotherWhiteIsStretched) {
    const auto grey = decode_image(to_bytes("P5 3 1 15\n\x00\x05\x0F"sv));
    ASSERT_TRUE(grey);
    EXPECT_TRUE(std::ranges::equal(grey->bytes(), to_bytes("\x00\x55\xFF"sv)));
    const auto wide = decode_image(to_bytes("P6 1 1 65535\n\xFF\xFE\x80\x01\x00\x02"sv));
    ASSERT_TRUE(wide);
    EXPECT_EQ(wide->description().fourcc, kFourccRgb48);
    EXPECT_TRUE(std::ranges::equal(wide->bytes(), to_bytes("\xFE\xFF\x01\x80\x02\x00"sv)));
    const auto grey16 = decode_image(to_bytes("P5 2 1 1000\n\x03\xE8\x01\xF4"sv));
    ASSERT_TRUE(grey16);
    EXPECT_EQ(grey16->description().fourcc, kFourccGray16);
    EXPECT_TRUE(std::ranges::equal(grey16->bytes(), to_bytes("\xFF\xFF\x00\x80"sv)));
}

TEST(PictureFormatOf, LooksAtTheExtensionInEitherCase) {
    EXPECT_EQ(picture_format_of("a.png"), PictureFormat::kPng);
    EXPECT_EQ(picture_format_of("A.B.JPG"), PictureFormat::kJpeg);
    EXPECT_EQ(picture_format_of("x.jpeg"), PictureFormat::kJpeg);
    EXPECT_EQ(picture_format_of("x.pgm"), PictureFormat::kPnm);
    EXPECT_FALSE(picture_format_of("png"));
    EXPECT_FALSE(picture_format_of("x.webp"));
}

TEST(SaveImage, LoadsAgainAndReplacesOnlyOnRequest) {
    const ScratchFolder folder;
    const Image image = picture(9, 7, "BGRA32");
    const std::string path = folder.file("p.png");
    ASSERT_TRUE(save_image(image.view(), path, Overwrite::kRefuse));
    const auto again = load_image(path);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(std::ranges::equal(again->bytes(), image.bytes()));
    EXPECT_EQ(save_image(image.view(), path, Overwrite::kRefuse).error().code, Code::kCannotCreate);
    EXPECT_TRUE(save_image(image.view(), path, Overwrite::kReplace));
    EXPECT_EQ(save_image(image.view(), folder.file("p.webp"), Overwrite::kRefuse).error().code,
              Code::kUsage);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"p.png"});
    EXPECT_EQ(load_image(folder.file("none.png")).error().code, Code::kNotFound);
}

// ---- limits ------------------------------------------------------------------------------------

TEST(ImageLimits, AreHeld) {
    const Image image = picture(40, 30, "BGR24");
    for (const PictureFormat format :
         {PictureFormat::kBmp, PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kPnm}) {
        const Bytes file = encoded(image, format);
        EXPECT_EQ(code_of(file, {.side_max = 40}), Code{});
        EXPECT_EQ(code_of(file, {.side_max = 39}), Code::kIo);
        EXPECT_EQ(code_of(file, {.pixel_bytes_max = 3600}), Code{});
        EXPECT_EQ(code_of(file, {.pixel_bytes_max = 3599}), Code::kIo);
        EXPECT_EQ(code_of(file, {.file_bytes_max = file.size()}), Code{});
        EXPECT_EQ(code_of(file, {.file_bytes_max = file.size() - 1}), Code::kIo);
    }
}

TEST(ImageLimits, HugeSidesCostNothing) {
    Bytes png = encoded(picture(2, 2, "BGR24"), PictureFormat::kPng);
    png[18] = std::byte{0x81};  // 33 026 wide
    EXPECT_EQ(code_of(png), Code::kIo);
    png[18] = png[22] = std::byte{0x46};  // 17 922 wide and high
    EXPECT_EQ(code_of(png, {.pixel_bytes_max = 256 << 20}), Code::kIo);
    EXPECT_NE(code_of(png), Code{}) << "so many pixels are not in the file";
    EXPECT_EQ(code_of(to_bytes("P5 2147483647 2147483647 255\n")), Code::kCorrupt);
}

// ---- hostile files -----------------------------------------------------------------------------

TEST(HostilePicture, CutAnywhereIsNoPictureAndHasAReason) {
    const Image image = picture(19, 11, "BGR24");
    const Bytes png = encoded(image, PictureFormat::kPng);
    const Bytes jpeg = encoded(image, PictureFormat::kJpeg);
    constexpr std::size_t kEndMarker = 2;  // the file is whole without it
    for (const Bytes& file : {png, Bytes(jpeg.begin(), jpeg.end() - kEndMarker)})
        for (std::size_t length = 0; length < file.size(); ++length) {
            const auto cut = decode_image(std::span(file).first(length));
            ASSERT_FALSE(cut) << length;
            EXPECT_EQ(cut.error().code, Code::kCorrupt) << length;
            EXPECT_FALSE(cut.error().message.ends_with(": ")) << length;
            EXPECT_EQ(cut.error().message.find("outofdata"), std::string::npos) << length;
        }
}

// Each byte in turn is changed: each result has the size of its description, and nothing breaks.
TEST(HostilePicture, ChangedAnywhereBreaksNothing) {
    const Image image = picture(17, 9, "BGR24");
    for (const PictureFormat format :
         {PictureFormat::kBmp, PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kPnm}) {
        const Bytes whole = encoded(image, format);
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const int value : {0x00, 0x01, 0x7F, 0x80, 0xC4, 0xFF}) {
                Bytes file = whole;
                file[at] = static_cast<std::byte>(value);
                const auto decoded = decode_image(file, {.pixel_bytes_max = 1 << 20});
                if (!decoded) continue;
                const ImageDescription& shape = decoded->description();
                EXPECT_EQ(decoded->bytes().size(), shape.row_stride_bytes * shape.height);
            }
        }
    }
}

TEST(HostilePicture, HuffmanTableWithTooManyCodesIsRefused) {
    const Bytes jpeg = encoded(picture(16, 16, "BGR24"), PictureFormat::kJpeg);
    // Adds a table behind the start of the image: sixteen counts of 255 codes.
    Bytes file(jpeg.begin(), jpeg.begin() + 2);
    const Bytes head = to_bytes("\xFF\xC4\x10\x03"sv);
    file.insert(file.end(), head.begin(), head.end());
    file.insert(file.end(), 1, std::byte{0});
    file.insert(file.end(), 16, std::byte{255});
    file.insert(file.end(), std::size_t{16} * 255, std::byte{'x'});
    file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
    const auto image = decode_image(file);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Code::kCorrupt);
    EXPECT_NE(image.error().message.find("too many codes"), std::string::npos);
}

// Writes the lowest bit first, as in deflate (RFC 1951).
class Bits {
  public:
    void put(std::uint32_t value, int count) {
        for (int i = 0; i < count; ++i)
            put_bit(value >> i & 1);
    }
    // Huffman codes begin with their highest bit.
    void put_code(std::uint32_t code, int count) {
        for (int i = count; i-- > 0;)
            put_bit(code >> i & 1);
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    void put_bit(std::uint32_t bit) {
        if (used_ % 8 == 0) bytes_.push_back(std::byte{0});
        bytes_.back() |= std::byte(bit << used_ % 8);
        ++used_;
    }
    Bytes bytes_;
    std::size_t used_ = 0;
};

// A stream of zeros: one zero, then copies of 258 each, 13 bits apiece.
Bytes deflated_zeros(std::size_t copies) {
    Bits bits;
    bits.put(0x0178, 16);  // zlib's header
    bits.put(1, 1);        // the last block
    bits.put(1, 2);        // fixed codes
    bits.put_code(0x30, 8);
    for (std::size_t i = 0; i < copies; ++i) {
        bits.put_code(0xC5, 8);  // length 258
        bits.put_code(0, 5);     // distance 1
    }
    bits.put_code(0, 7);  // the end
    bits.put(0, 32);      // the checksum, which stb does not check
    return bits.bytes();
}

Bytes png_of(std::uint32_t side, const Bytes& deflated) {
    PngBuilder png;
    png.put_header({.width = side, .height = side, .depth = 8, .color_type = 0});
    png.put_chunk("IDAT", deflated);
    png.put_chunk("IEND", {});
    return png.file();
}

TEST(HostilePicture, PngThatInflatesFarBeyondItsPixelsIsRefused) {
    const auto modest = decode_image(png_of(16, deflated_zeros(2)));
    EXPECT_TRUE(modest) << modest.error().message;
    EXPECT_EQ(code_of(png_of(16, deflated_zeros(250'000))), Code::kOutOfMemory);  // 64 MiB
}

TEST(HostilePicture, GifIsNotDecoded) {
    EXPECT_EQ(code_of(to_bytes("GIF89a\x05\0\x04\0\0\0\0\x2C\0\0\0\0\x05\0\x04\0\0\x02;"sv)),
              Code::kUsage);
}

TEST(HostilePicture, OtherBytesAreNoPicture) {
    EXPECT_EQ(code_of({}), Code::kCorrupt);
    EXPECT_EQ(code_of(to_bytes("BM")), Code::kCorrupt);
    EXPECT_EQ(code_of(random_bytes(10'000)), Code::kCorrupt);
}

}  // namespace
}  // namespace mapferry::testing
