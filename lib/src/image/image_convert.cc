// SPDX-License-Identifier: Apache-2.0
// Every conversion goes through one format: red, green, blue, alpha, a byte each, for a few pixels
// at a time. So nothing is allocated and everything stays in the first-level cache. Where both
// formats have 16 bits a sample, this format has them too.
#include "mapferry/image_convert.h"
#include "base/try.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "base/exception_boundary.h"
#include "base/fail.h"

namespace mapferry::inline v1 {

namespace {

template <typename Sample>
struct Color {
    Sample red = 0;
    Sample green = 0;
    Sample blue = 0;
    Sample alpha = std::numeric_limits<Sample>::max();
};
using Rgba = Color<std::uint8_t>;
using WideRgba = Color<std::uint16_t>;

template <typename Pixel>
using UnpackTo = void (*)(const std::uint8_t* from, Pixel* to, std::size_t count);
template <typename Pixel>
using PackFrom = void (*)(const Pixel* from, std::uint8_t* to, std::size_t count);
using Unpack = UnpackTo<Rgba>;
using Pack = PackFrom<Rgba>;

// ---- direct formats: where in a pixel the bytes are ---------------------------------------------

template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
void unpack_bytes(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += kBytes)
        to[i] = {.red = from[kRed],
                 .green = from[1],
                 .blue = from[kBlue],
                 .alpha = kHasAlpha ? from[kBytes - 1] : std::uint8_t{255}};
}

// An unused byte is written as 255: a program that takes it for alpha sees an opaque picture.
template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
void pack_bytes(const Rgba* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, to += kBytes) {
        if (kBytes == 4) to[kBytes - 1] = kHasAlpha ? from[i].alpha : std::uint8_t{255};
        to[kRed] = from[i].red;
        to[1] = from[i].green;
        to[kBlue] = from[i].blue;
    }
}

// ---- grey --------------------------------------------------------------------------------------

// ITU-R BT.601 in 16 bit fixed point, rounded; the weights add up to 65536, so white stays white.
template <typename Sample>
Sample grey_of(Color<Sample> pixel) {
    constexpr std::uint32_t kRed = 19'595;
    constexpr std::uint32_t kGreen = 38'470;
    constexpr std::uint32_t kBlue = 7'471;
    const std::uint32_t sum = kRed * pixel.red + kGreen * pixel.green + kBlue * pixel.blue;
    return static_cast<Sample>((sum + 0x8000) >> 16);
}

void unpack_grey8(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = {.red = from[i], .green = from[i], .blue = from[i]};
}

void pack_grey8(const Rgba* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = grey_of(from[i]);
}

// ---- 16 bits a sample, little-endian -----------------------------------------------------------

std::uint16_t word_at(const std::uint8_t* from) {
    return static_cast<std::uint16_t>(from[0] | from[1] << 8);
}

// v * 255 / 65535, rounded; and back, where it is exact.
void narrow(std::uint16_t value, std::uint8_t& sample) {
    sample = static_cast<std::uint8_t>((value + 128) / 257);
}
void narrow(std::uint16_t value, std::uint16_t& sample) {
    sample = value;
}
std::uint16_t widen(std::uint8_t sample) {
    return static_cast<std::uint16_t>(sample * 257);
}
std::uint16_t widen(std::uint16_t sample) {
    return sample;
}

void put_word(std::uint8_t* to, std::uint16_t value) {
    to[0] = static_cast<std::uint8_t>(value & 0xFF);
    to[1] = static_cast<std::uint8_t>(value >> 8);
}

// kSamples: 1, grey; 3, red, green, blue; 4, with alpha.
template <std::size_t kSamples, typename Pixel>
void unpack_words(const std::uint8_t* from, Pixel* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += 2 * kSamples) {
        narrow(word_at(from), to[i].red);
        narrow(word_at(from + (kSamples == 1 ? 0 : 2)), to[i].green);
        narrow(word_at(from + (kSamples == 1 ? 0 : 4)), to[i].blue);
        to[i].alpha = Pixel().alpha;
        if (kSamples == 4) narrow(word_at(from + 6), to[i].alpha);
    }
}

template <std::size_t kSamples, typename Pixel>
void pack_words(const Pixel* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, to += 2 * kSamples) {
        put_word(to, widen(kSamples == 1 ? grey_of(from[i]) : from[i].red));
        if (kSamples == 1) continue;
        put_word(to + 2, widen(from[i].green));
        put_word(to + 4, widen(from[i].blue));
        if (kSamples == 4) put_word(to + 6, widen(from[i].alpha));
    }
}

// ---- 16 bits a pixel ---------------------------------------------------------------------------

// v * 255 / (2^kBits - 1), rounded.
template <unsigned kBits>
std::uint8_t scale_up(unsigned value) {
    constexpr unsigned kMax = (1U << kBits) - 1;
    return static_cast<std::uint8_t>(((value & kMax) * 255 + kMax / 2) / kMax);
}

void unpack_rgb565(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned word = word_at(from + 2 * i);
        to[i] = {.red = scale_up<5>(word >> 11),
                 .green = scale_up<6>(word >> 5),
                 .blue = scale_up<5>(word)};
    }
}

void unpack_rgb555(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned word = word_at(from + 2 * i);
        to[i] = {.red = scale_up<5>(word >> 10),
                 .green = scale_up<5>(word >> 5),
                 .blue = scale_up<5>(word)};
    }
}

// ---- YUYV --------------------------------------------------------------------------------------

std::uint8_t clamp_to_byte(int value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

// BT.601, 16 to 235 and 16 to 240, in 8 bit fixed point.
Rgba from_yuv(int y, int u, int v) {
    const int luma = 298 * (y - 16) + 128;
    return {.red = clamp_to_byte((luma + 409 * (v - 128)) >> 8),
            .green = clamp_to_byte((luma - 100 * (u - 128) - 208 * (v - 128)) >> 8),
            .blue = clamp_to_byte((luma + 516 * (u - 128)) >> 8)};
}

// REQUIRES: `count` is even, or these are the last pixels of the row. An odd last pixel has no V of
// its own in a row that ends there; it takes its left neighbour's colour, or none.
void unpack_yuyv(const std::uint8_t* from, Rgba* to, std::size_t count) {
    int u = 128;
    int v = 128;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 2 == 0 && i + 1 < count) {
            u = from[2 * i + 1];
            v = from[2 * i + 3];
        }
        to[i] = from_yuv(from[2 * i], u, v);
    }
}

// ---- the table ----------------------------------------------------------------------------------

struct Format {
    std::uint32_t fourcc = 0;
    std::uint32_t bits = 0;
    Unpack unpack = nullptr;
    Pack pack = nullptr;  // null: nothing is converted to it
    // Null: its samples have 8 bits.
    UnpackTo<WideRgba> unpack_wide = nullptr;
    PackFrom<WideRgba> pack_wide = nullptr;
};

template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
constexpr Format direct(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .bits = 8 * kBytes,
            .unpack = unpack_bytes<kBytes, kRed, kBlue, kHasAlpha>,
            .pack = pack_bytes<kBytes, kRed, kBlue, kHasAlpha>};
}

template <std::size_t kSamples>
constexpr Format wide(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .bits = 16 * kSamples,
            .unpack = unpack_words<kSamples, Rgba>,
            .pack = pack_words<kSamples, Rgba>,
            .unpack_wide = unpack_words<kSamples, WideRgba>,
            .pack_wide = pack_words<kSamples, WideRgba>};
}

constexpr std::array kFormats = {
    direct<3, 2, 0, false>(kFourccBgr24),
    direct<3, 0, 2, false>(kFourccRgb24),
    direct<4, 2, 0, false>(kFourccBgrx32),
    direct<4, 2, 0, true>(kFourccBgra32),
    direct<4, 0, 2, false>(kFourccRgbx32),
    direct<4, 0, 2, true>(kFourccRgba32),
    Format{kFourccGray8, 8, unpack_grey8, pack_grey8},
    wide<1>(kFourccGray16),
    wide<3>(kFourccRgb48),
    wide<4>(kFourccRgba64),
    Format{kFourccRgb565, 16, unpack_rgb565, nullptr},
    Format{kFourccRgb555, 16, unpack_rgb555, nullptr},
    Format{kFourccYuyv, 16, unpack_yuyv, nullptr},
};

const Format* find_format(std::uint32_t fourcc) {
    const auto found = std::ranges::find(kFormats, fourcc, &Format::fourcc);
    return found == kFormats.end() ? nullptr : &*found;
}

std::unexpected<Status> cannot_convert(std::uint32_t fourcc, const char* direction) {
    return fail(Code::kUsage, std::string("cannot convert ") + direction + " " +
                                  pixel_format_name(fourcc) + " pixels");
}

// ---- rows --------------------------------------------------------------------------------------

// What a row goes through on its way.
template <typename Pixel>
struct Way {
    UnpackTo<Pixel> unpack;
    std::size_t from_bytes;  // of a pixel
    PackFrom<Pixel> pack;
    std::size_t to_bytes;
};

// REQUIRES: both rows have `width` pixels.
template <typename Pixel>
void convert_row(const Way<Pixel>& way, std::span<const std::byte> from_row, std::byte* to_row,
                 std::size_t width) {
    constexpr std::size_t kPixelsAtOnce = 512;  // even, for YUYV; 2 or 4 KiB
    std::array<Pixel, kPixelsAtOnce> pixels;
    const auto* source = reinterpret_cast<const std::uint8_t*>(from_row.data());
    auto* target = reinterpret_cast<std::uint8_t*>(to_row);
    for (std::size_t x = 0; x < width; x += kPixelsAtOnce) {
        const std::size_t count = std::min(kPixelsAtOnce, width - x);
        way.unpack(source + x * way.from_bytes, pixels.data(), count);
        way.pack(pixels.data(), target + x * way.to_bytes, count);
    }
}

void convert_row(const Format& from, const Format& to, std::span<const std::byte> from_row,
                 std::byte* to_row, std::size_t width) {
    const std::size_t from_bytes = from.bits / 8;
    const std::size_t to_bytes = to.bits / 8;
    if (from.unpack_wide != nullptr && to.pack_wide != nullptr)
        convert_row<WideRgba>({from.unpack_wide, from_bytes, to.pack_wide, to_bytes}, from_row,
                              to_row, width);
    else
        convert_row<Rgba>({from.unpack, from_bytes, to.pack, to_bytes}, from_row, to_row, width);
}

}  // namespace

bool can_convert_from(std::uint32_t fourcc) {
    return find_format(fourcc) != nullptr;
}

bool can_convert_to(std::uint32_t fourcc) {
    const Format* const format = find_format(fourcc);
    return format != nullptr && format->pack != nullptr;
}

Result<void> convert_image_into(const ImageView& from, const ImageDescription& to,
                                std::span<std::byte> to_bytes) {
    return guarded([&]() -> Result<void> {
        const Format* const source = find_format(from.description().fourcc);
        const Format* const target = find_format(to.fourcc);
        const bool same = from.description().fourcc == to.fourcc;
        if (source == nullptr) return cannot_convert(from.description().fourcc, "from");
        if (target == nullptr || (target->pack == nullptr && !same))
            return cannot_convert(to.fourcc, "to");
        if (to.width != from.width() || to.height != from.height())
            return fail(Code::kUsage, "an image of " + to_string(from.description()) +
                                          " does not become one of " + to_string(to));
        TRY(ImageView::make(to, to_bytes));
        for (std::uint32_t y = 0; y < to.height; ++y) {
            const auto row = from.row(y);
            std::byte* const to_row = to_bytes.data() + row_offset(to, y);
            if (same)
                std::memcpy(to_row, row.data(), row.size());
            else
                convert_row(*source, *target, row, to_row, to.width);
        }
        return {};
    });
}

Result<Image> convert_image(const ImageView& from, std::uint32_t to_fourcc) {
    return guarded([&]() -> Result<Image> {
        const Format* const target = find_format(to_fourcc);
        if (target == nullptr) return cannot_convert(to_fourcc, "to");
        auto image =
            Image::allocate({.width = from.width(),
                             .height = from.height(),
                             .row_stride_bytes = std::uint64_t{from.width()} * (target->bits / 8),
                             .fourcc = to_fourcc,
                             .bits_per_pixel = target->bits,
                             .orientation = Orientation::kTopDown});
        if (!image) return image;
        TRY(convert_image_into(from, image->description(), image->bytes()));
        return image;
    });
}

}  // namespace mapferry::inline v1
