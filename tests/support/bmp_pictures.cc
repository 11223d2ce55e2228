#include "support/bmp_pictures.h"

#include <bit>
#include <cstdlib>

namespace mapferry::testing {

namespace {

using Masks = std::array<std::uint32_t, 4>;

constexpr Masks kMasks565 = {0xF800, 0x07E0, 0x001F, 0};
constexpr Masks kMasks4444 = {0x0F00, 0x00F0, 0x000F, 0xF000};
constexpr Masks kMasks555 = {0x7C00, 0x03E0, 0x001F, 0};
constexpr Masks kMasks8888 = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
constexpr Masks kMasks888 = {0xFF0000, 0xFF00, 0xFF, 0};
constexpr Masks kMasksRgba = {0xFF, 0xFF00, 0xFF0000, 0xFF000000};
constexpr Masks kMasks101010 = {0x3FF00000, 0x000FFC00, 0x000003FF, 0};

struct Kind {
    const char* name;
    Bmp bmp;
    Masks masks = {};  // that count, whether the file says them or not
};

// Without a direction; sides are filled in later.
std::vector<Kind> kinds() {
    return {
        {"pal1", {.bits = 1}},
        {"pal4", {.bits = 4}},
        {"pal8", {.bits = 8}},
        {"pal4-short", {.bits = 4, .colors_used = 5}},
        {"pal8-short", {.bits = 8, .colors_used = 99}},
        {"core-pal1", {.header_bytes = 12, .bits = 1}},
        {"core-pal4", {.header_bytes = 12, .bits = 4}},
        {"core-pal8", {.header_bytes = 12, .bits = 8}},
        {"core24", {.header_bytes = 12, .bits = 24}},
        {"os2-pal8", {.header_bytes = 64, .bits = 8}},
        {"os2-24", {.header_bytes = 64, .bits = 24}},
        {"rgb555", {.bits = 16}, kMasks555},
        {"rgb565", {.bits = 16, .compression = kBitfields, .masks = kMasks565}, kMasks565},
        {"argb4444-v4",
         {.header_bytes = 108, .bits = 16, .compression = kBitfields, .masks = kMasks4444},
         kMasks4444},
        {"bgr24", {.bits = 24}},
        {"bgr24-gap", {.bits = 24, .pixel_offset = 200}},
        {"bgr24-v5", {.header_bytes = 124, .bits = 24}},
        {"bgrx32", {.bits = 32}, kMasks888},
        {"bgrx32-masks", {.bits = 32, .compression = kBitfields, .masks = kMasks888}, kMasks888},
        {"bgra32-52",
         {.header_bytes = 52, .bits = 32, .compression = kBitfields, .masks = kMasks888},
         kMasks888},
        {"bgra32-56",
         {.header_bytes = 56, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"bgra32-v4",
         {.header_bytes = 108, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"bgra32-v5",
         {.header_bytes = 124, .bits = 32, .compression = kBitfields, .masks = kMasks8888},
         kMasks8888},
        {"rgba32-v5",
         {.header_bytes = 124, .bits = 32, .compression = kBitfields, .masks = kMasksRgba},
         kMasksRgba},
        {"rgb101010", {.bits = 32, .compression = kBitfields, .masks = kMasks101010}, kMasks101010},
    };
}

// The stored value of a pixel: all bits of all kinds take part.
std::uint32_t value_at(int x, int y) {
    return static_cast<std::uint32_t>(x) * 2'654'435'761U +
           static_cast<std::uint32_t>(y) * 2'246'822'519U + 0x1234'5678U;
}

struct Color {
    std::byte blue;
    std::byte green;
    std::byte red;
    std::byte alpha{255};
};

// Entry i of a palette.
Color palette_color(std::uint32_t i) {
    return {.blue = std::byte(i * 7 & 0xFF),
            .green = std::byte(255 - (i * 3 & 0xFF)),
            .red = std::byte((i * 11 + 5) & 0xFF)};
}

std::uint32_t colors_of(const Bmp& bmp) {
    return bmp.colors_used != 0 ? bmp.colors_used : std::uint32_t{1} << bmp.bits;
}

// The bits under the mask, repeated from the highest on until there are eight.
std::byte channel(std::uint32_t value, std::uint32_t mask) {
    const int bits = std::popcount(mask);
    const std::uint32_t own = (value & mask) >> std::countr_zero(mask);
    std::uint32_t wide = 0;
    for (int i = 0; i < 8; ++i)
        wide = wide << 1 | (own >> (bits - 1 - i % bits) & 1);
    return std::byte(wide);
}

Color shown(const Kind& kind, std::uint32_t value) {
    if (kind.bmp.bits <= 8) {
        if (value < colors_of(kind.bmp)) return palette_color(value);
        return {};  // black
    }
    const Masks& masks = kind.bmp.bits == 24 ? kMasks888 : kind.masks;
    return {.blue = channel(value, masks[2]),
            .green = channel(value, masks[1]),
            .red = channel(value, masks[0]),
            .alpha = masks[3] != 0 ? channel(value, masks[3]) : std::byte{255}};
}

void put_palette(Bytes& file, const Bmp& bmp) {
    if (bmp.bits > 8) return;
    std::size_t at = bmp.headers_end();
    for (std::uint32_t i = 0; i < colors_of(bmp); ++i) {
        const Color color = palette_color(i);
        file.at(at++) = color.blue;
        file.at(at++) = color.green;
        file.at(at++) = color.red;
        if (bmp.header_bytes != 12) ++at;
    }
}

std::size_t pixels_begin(const Bmp& bmp) {
    return bmp.pixel_offset != 0 ? bmp.pixel_offset : bmp.headers_end() + bmp.palette_bytes();
}

BmpPicture make(const Kind& kind, bool top_down) {
    Bmp bmp = kind.bmp;
    bmp.width = kPictureWidth;
    bmp.height = top_down ? -kPictureHeight : kPictureHeight;
    BmpPicture picture{.name = kind.name + std::string(top_down ? "-topdown" : ""),
                       .file = bmp.bytes(),
                       .pixels = {},
                       .has_alpha = kind.masks[3] != 0};
    put_palette(picture.file, bmp);
    for (int y = 0; y < kPictureHeight; ++y) {
        const auto row = static_cast<std::size_t>(top_down ? y : kPictureHeight - 1 - y);
        std::byte* const stored =
            picture.file.data() + pixels_begin(bmp) + row * static_cast<std::size_t>(bmp.stride());
        for (int x = 0; x < kPictureWidth; ++x) {
            const std::uint32_t all = 0xFFFF'FFFF;
            const std::uint32_t value = value_at(x, y) >> 3 & all >> (32 - bmp.bits);
            const std::size_t bit = static_cast<std::size_t>(x) * bmp.bits;
            if (bmp.bits < 8)  // the leftmost pixel in the highest bits
                stored[bit / 8] |= std::byte(value << (8 - bmp.bits - bit % 8));
            for (std::size_t i = 0; bmp.bits >= 8 && i < bmp.bits / 8; ++i)
                stored[bit / 8 + i] = std::byte(value >> 8 * i & 0xFF);
            const Color color = shown(kind, value);
            picture.pixels.insert(picture.pixels.end(), {color.blue, color.green, color.red});
            if (picture.has_alpha) picture.pixels.push_back(color.alpha);
        }
    }
    return picture;
}

// Each row is one run; an end of line; at last the end of the bitmap.
BmpPicture make_run_lengths(std::uint32_t bits) {
    constexpr int kRunBytes = 4;
    const std::uint32_t bytes = kPictureHeight * kRunBytes + 2;
    const Bmp bmp{.width = kPictureWidth,
                  .height = kPictureHeight,
                  .bits = bits,
                  .compression = bits == 8 ? kRle8 : kRle4,
                  .image_bytes = bytes,
                  .pixel_bytes = bytes};
    BmpPicture picture{.name = "rle" + std::to_string(bits), .file = bmp.bytes(), .pixels = {}};
    put_palette(picture.file, bmp);
    std::byte* run = picture.file.data() + pixels_begin(bmp);
    for (int y = 0; y < kPictureHeight; ++y, run += kRunBytes) {
        run[0] = std::byte{kPictureWidth};
        run[1] = std::byte(y);
    }
    run[1] = std::byte{1};
    return picture;
}

}  // namespace

std::vector<BmpPicture> every_bmp() {
    std::vector<BmpPicture> pictures;
    for (const Kind& kind : kinds()) {
        pictures.push_back(make(kind, false));
        const bool has_sign = kind.bmp.header_bytes != 12;
        if (has_sign) pictures.push_back(make(kind, true));
    }
    pictures.push_back(make_run_lengths(8));
    pictures.push_back(make_run_lengths(4));
    return pictures;
}

}  // namespace mapferry::testing
