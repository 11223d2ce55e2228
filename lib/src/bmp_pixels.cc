#include "bmp_pixels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "bmp_header.h"
#include "mapferry/image_convert.h"

namespace mapferry {

namespace {

using Bytes = std::span<const std::byte>;

struct Bgra {
    std::byte blue{};
    std::byte green{};
    std::byte red{};
    std::byte alpha{255};
};

// ---- palettes
// ------------------------------------------------------------------------------------

using Palette = std::array<Bgra, 256>;

// As many colours as there is room for before the pixels: some programs cut palettes short.
Palette read_palette(Bytes file, const BmpHeader& header) {
    const std::size_t entry_bytes = header.kind == BmpKind::kCore ? 3 : 4;
    const std::size_t begin = bmp_palette_offset(header);
    const std::size_t room = (header.pixel_offset - begin) / entry_bytes;
    const std::size_t wanted =
        header.colors_used != 0 ? header.colors_used : std::size_t{1} << header.bit_count;
    Palette palette;
    for (std::size_t i = 0; i < std::min({room, wanted, palette.size()}); ++i) {
        const Bytes entry = file.subspan(begin + i * entry_bytes, entry_bytes);
        palette[i] = {.blue = entry[0], .green = entry[1], .red = entry[2]};
    }
    return palette;
}

// The leftmost pixel is in the highest bits.
std::size_t index_at(Bytes row, std::size_t x, std::uint32_t bits) {
    const std::size_t per_byte = 8 / bits;
    const auto byte = std::to_integer<unsigned>(row[x / per_byte]);
    const unsigned shift = static_cast<unsigned>(8 - bits * (x % per_byte + 1));
    return byte >> shift & ((1U << bits) - 1);
}

// ---- masks
// ---------------------------------------------------------------------------------------

std::uint32_t value_at(Bytes row, std::size_t x, std::uint32_t bits) {
    const std::size_t count = bits / 8;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= std::to_integer<std::uint32_t>(row[x * count + i]) << 8 * i;
    return value;
}

// The bits under a mask as 8 bits: lower ones are dropped, missing ones repeat those above.
std::byte channel(std::uint32_t value, std::uint32_t mask) {
    if (mask == 0) return std::byte{0};
    const int bits = std::popcount(mask);
    const std::uint32_t own = (value & mask) >> std::countr_zero(mask);
    if (bits >= 8) return static_cast<std::byte>(own >> (bits - 8));
    std::uint32_t wide = own << (8 - bits);
    for (int filled = bits; filled < 8; filled *= 2)
        wide |= wide >> filled;
    return static_cast<std::byte>(wide);
}

Bgra pixel_of_masks(std::uint32_t value, const BmpMasks& masks) {
    return {.blue = channel(value, masks.blue),
            .green = channel(value, masks.green),
            .red = channel(value, masks.red),
            .alpha = channel(value, masks.alpha)};
}

// ---- rows
// ----------------------------------------------------------------------------------------

template <typename PixelAt>
void fill(Image& image, const PixelAt& pixel_at) {
    const ImageDescription& shape = image.description();
    const std::size_t count = shape.bits_per_pixel / 8;
    std::byte* target = image.bytes().data();  // packed
    for (std::uint32_t y = 0; y < shape.height; ++y) {
        for (std::uint32_t x = 0; x < shape.width; ++x, target += count) {
            const Bgra pixel = pixel_at(x, y);
            target[0] = pixel.blue;
            target[1] = pixel.green;
            target[2] = pixel.red;
            if (count == 4) target[3] = pixel.alpha;
        }
    }
}

bool has_alpha(const ImageDescription& description, const BmpHeader& header) {
    return description.fourcc == kFourccBgra32 ||
           (description.fourcc == kFourccBitfields && header.masks.alpha != 0);
}

}  // namespace

Result<Image> decode_bmp(Bytes file, const ImageDescription& description) {
    const auto header = read_bmp_header(file);
    if (!header) return fail(Code::kCorrupt, "the picture has no header");
    const auto pixels = ImageView::make(description, file.subspan(header->pixel_offset));
    if (!pixels) return pass(pixels.error());
    const bool alpha = has_alpha(description, *header);
    if (can_convert_from(description.fourcc))
        return convert(*pixels, alpha ? kFourccBgra32 : kFourccBgr24);

    const auto shape =
        describe_raw_image(description.width, description.height, alpha ? "BGRA32" : "BGR24");
    if (!shape) return pass(shape.error());
    auto image = Image::allocate(*shape);
    if (!image) return image;
    const std::uint32_t bits = description.bits_per_pixel;
    if (bits <= 8) {
        const Palette palette = read_palette(file, *header);
        fill(*image, [&](std::size_t x, std::uint32_t y) {
            return palette[index_at(pixels->row(y), x, bits)];
        });
    } else {
        fill(*image, [&](std::size_t x, std::uint32_t y) {
            return pixel_of_masks(value_at(pixels->row(y), x, bits), header->masks);
        });
    }
    return image;
}

}  // namespace mapferry
