// SPDX-License-Identifier: Apache-2.0
#include "image/bmp_pixels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "base/fail.h"
#include "base/try.h"
#include "image/bmp_header.h"
#include "image/bmp_huffman.h"
#include "image/bmp_palette.h"
#include "image/bmp_runs.h"
#include "mapferry/image_convert.h"

namespace mapferry::inline v1 {

namespace {

using Bytes = std::span<const std::byte>;

// The leftmost pixel is in the highest bits.
std::size_t index_at(Bytes row, std::size_t x, std::uint32_t bits) {
    const std::size_t per_byte = 8 / bits;
    const auto byte = std::to_integer<unsigned>(row[x / per_byte]);
    const unsigned shift = static_cast<unsigned>(8 - bits * (x % per_byte + 1));
    return byte >> shift & ((1U << bits) - 1);
}

// ---- masks -------------------------------------------------------------------------------------

std::uint32_t value_at(Bytes row, std::size_t x, std::uint32_t bits) {
    const std::size_t count = bits / 8;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= std::to_integer<std::uint32_t>(row[x * count + i]) << 8 * i;
    return value;
}

// The bits under a mask as 8 bits: v * 255 / largest, rounded.
class Channel {
  public:
    explicit Channel(std::uint32_t mask)
        : mask_(mask), shift_(mask == 0 ? 0 : std::countr_zero(mask)), largest_(mask >> shift_) {
        for (std::uint32_t value = 0; value <= largest_ && value < table_.size(); ++value)
            table_[value] = scaled(value);
    }

    [[nodiscard]] std::byte of(std::uint32_t pixel) const {
        const std::uint32_t value = (pixel & mask_) >> shift_;
        return value < table_.size() ? table_[value] : scaled(value);
    }

  private:
    [[nodiscard]] std::byte scaled(std::uint32_t value) const {
        if (largest_ == 0) return std::byte{0};
        return std::byte((std::uint64_t{value} * 255 + largest_ / 2) / largest_);
    }

    std::uint32_t mask_;
    int shift_;
    std::uint32_t largest_;
    std::array<std::byte, 256> table_ = {};
};

void warn_of_wide_channels(const BmpMasks& masks, std::vector<std::string>& warnings) {
    const int bits = std::max({std::popcount(masks.red), std::popcount(masks.green),
                               std::popcount(masks.blue), std::popcount(masks.alpha)});
    if (bits > 8) warnings.push_back("its channels of " + std::to_string(bits) + " bits become 8");
}

// ---- rows --------------------------------------------------------------------------------------

template <typename PixelAt>
void fill(Image& image, const ImageView& pixels, const PixelAt& pixel_at) {
    const ImageDescription& shape = image.description();
    const std::size_t count = shape.bits_per_pixel / 8;
    std::byte* target = image.bytes().data();  // packed
    for (std::uint32_t y = 0; y < shape.height; ++y) {
        const Bytes row = pixels.row(y);
        for (std::uint32_t x = 0; x < shape.width; ++x, target += count) {
            const Bgra pixel = pixel_at(row, x);
            target[0] = pixel.blue;
            target[1] = pixel.green;
            target[2] = pixel.red;
            if (count == 4) target[3] = pixel.alpha;
        }
    }
}

void fill_indexed(Image& image, const ImageView& pixels, const BmpPalette& palette) {
    const std::uint32_t bits = pixels.description().bits_per_pixel;
    fill(image, pixels, [&](Bytes row, std::size_t x) { return palette[index_at(row, x, bits)]; });
}

void fill_masked(Image& image, const ImageView& pixels, const BmpMasks& masks) {
    const std::uint32_t bits = pixels.description().bits_per_pixel;
    const Channel red(masks.red);
    const Channel green(masks.green);
    const Channel blue(masks.blue);
    const Channel alpha(masks.alpha);
    fill(image, pixels, [&](Bytes row, std::size_t x) -> Bgra {
        const std::uint32_t value = value_at(row, x, bits);
        return {.blue = blue.of(value),
                .green = green.of(value),
                .red = red.of(value),
                .alpha = alpha.of(value)};
    });
}

// ---- 64 bits a pixel: GDI+'s blue, green, red, alpha, signed, 8192 = 1.0, of linear light -------

constexpr int kOne = 8192;

// The curve of sRGB, IEC 61966-2-1, in 16 bits.
std::uint16_t with_gamma(int linear) {
    const double value = static_cast<double>(linear) / kOne;
    const double curved =
        value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
    return static_cast<std::uint16_t>(std::lround(curved * 65535));
}

using GammaTable = std::array<std::uint16_t, kOne + 1>;

GammaTable make_gamma_table() {
    GammaTable table;
    for (int i = 0; i <= kOne; ++i)
        table[static_cast<std::size_t>(i)] = with_gamma(i);
    return table;
}

// A frame has no values darker than black or brighter than white.
int bmp_sample_at(Bytes row, std::size_t at) {
    const auto bits = std::to_integer<unsigned>(row[at]) | std::to_integer<unsigned>(row[at + 1])
                                                               << 8;
    return std::clamp<int>(static_cast<std::int16_t>(bits), 0, kOne);
}

Result<Image> decode_64_bits(const ImageView& pixels) {
    TRY_ASSIGN(const auto shape, describe_raw_image(pixels.width(), pixels.height(), "RGBA64"));
    auto image = Image::allocate(shape);
    if (!image) return image;
    const GammaTable gamma = make_gamma_table();
    std::byte* target = image->bytes().data();  // packed
    const auto put = [&target](unsigned value) {
        *target++ = std::byte(value & 0xFF);
        *target++ = std::byte(value >> 8);
    };
    for (std::uint32_t y = 0; y < shape.height; ++y) {
        const Bytes row = pixels.row(y);
        for (std::size_t at = 0; at < row.size(); at += 8) {
            for (const std::size_t color : {4U, 2U, 0U})  // red comes third
                put(gamma[static_cast<std::size_t>(bmp_sample_at(row, at + color))]);
            const int alpha = bmp_sample_at(row, at + 6);
            put(static_cast<unsigned>((alpha * 65535 + kOne / 2) / kOne));
        }
    }
    return image;
}

// ---- all kinds ---------------------------------------------------------------------------------

bool has_alpha(const ImageDescription& description, const BmpHeader& header) {
    return description.fourcc == kFourccBgra32 ||
           (description.fourcc == kFourccBitfields && header.masks.alpha != 0);
}

Result<Image> decode_raw(Bytes file, const BmpHeader& header, const ImageView& pixels,
                         std::vector<std::string>& warnings) {
    const ImageDescription& description = pixels.description();
    const bool alpha = has_alpha(description, header);
    if (can_convert_from(description.fourcc))
        return convert_image(pixels, alpha ? kFourccBgra32 : kFourccBgr24);
    if (description.fourcc == kFourccBmp64) return decode_64_bits(pixels);

    TRY_ASSIGN(const auto shape, describe_raw_image(description.width, description.height,
                                                    alpha ? "BGRA32" : "BGR24"));
    auto image = Image::allocate(shape);
    if (!image) return image;
    if (description.fourcc == kFourccBitfields) {
        fill_masked(*image, pixels, header.masks);
        warn_of_wide_channels(header.masks, warnings);
    } else {
        fill_indexed(*image, pixels, read_bmp_palette(file, header));
    }
    return image;
}

}  // namespace

Result<Image> decode_bmp(Bytes file, const ImageDescription& description,
                         std::vector<std::string>& warnings) {
    const auto header = read_bmp_header(file);
    if (!header) return fail(Code::kCorrupt, "the picture has no header");
    // It lies within the file: parse_bmp_header() has checked that.
    const Bytes data = file.subspan(static_cast<std::size_t>(bmp_pixel_offset(*header)));
    if (description.fourcc == kFourccHuffman)
        return decode_bmp_huffman(data, description, read_bmp_palette(file, *header), warnings);
    if (description.row_stride_bytes == 0)
        return decode_bmp_runs(data, description, read_bmp_palette(file, *header), warnings);
    TRY_ASSIGN(const auto pixels, ImageView::make(description, data));
    return decode_raw(file, *header, pixels, warnings);
}

}  // namespace mapferry::inline v1
