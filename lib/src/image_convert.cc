// Every format goes through one: red, green, blue, alpha, a byte each, for a few pixels at a time,
// so that nothing is allocated and everything stays in the first-level cache.
#include "mapferry/image_convert.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "surface.h"

namespace mapferry {

namespace {

struct Rgba {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
};

using Unpack = void (*)(const std::uint8_t* from, Rgba* to, std::size_t count);
using Pack = void (*)(const Rgba* from, std::uint8_t* to, std::size_t count);

// ---- direct formats: where in a pixel the bytes are ---------------------------------------------

template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
void unpack_bytes(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += kBytes)
        to[i] = {.red = from[kRed],
                 .green = from[1],
                 .blue = from[kBlue],
                 .alpha = kHasAlpha ? from[kBytes - 1] : std::uint8_t{255}};
}

// An unused byte is written as 255, so that who takes it for alpha sees an opaque picture.
template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
void pack_bytes(const Rgba* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, to += kBytes) {
        if (kBytes == 4) to[kBytes - 1] = kHasAlpha ? from[i].alpha : std::uint8_t{255};
        to[kRed] = from[i].red;
        to[1] = from[i].green;
        to[kBlue] = from[i].blue;
    }
}

// ---- grey
// ----------------------------------------------------------------------------------------

// ITU-R BT.601 in 16 bit fixed point, rounded; the weights add up to 65536, so white stays white.
std::uint8_t grey_of(Rgba pixel) {
    constexpr unsigned kRed = 19'595;
    constexpr unsigned kGreen = 38'470;
    constexpr unsigned kBlue = 7'471;
    const unsigned sum = kRed * pixel.red + kGreen * pixel.green + kBlue * pixel.blue;
    return static_cast<std::uint8_t>((sum + 0x8000) >> 16);
}

void unpack_grey8(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = {.red = from[i], .green = from[i], .blue = from[i]};
}

void pack_grey8(const Rgba* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = grey_of(from[i]);
}

// Little-endian: the high byte is the second.
void unpack_grey16(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t high = from[2 * i + 1];
        to[i] = {.red = high, .green = high, .blue = high};
    }
}

void pack_grey16(const Rgba* from, std::uint8_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        to[2 * i] = to[2 * i + 1] = grey_of(from[i]);  // 255 becomes 65535
}

// ---- 16 bits a pixel
// -----------------------------------------------------------------------------

unsigned word_at(const std::uint8_t* from) {
    return from[0] | static_cast<unsigned>(from[1]) << 8;
}

// The highest bits are repeated below, so that all ones become 255.
std::uint8_t widen(unsigned value, int bits) {
    const unsigned shifted = value << (8 - bits);
    return static_cast<std::uint8_t>(shifted | shifted >> bits);
}

void unpack_rgb565(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned word = word_at(from + 2 * i);
        to[i] = {.red = widen(word >> 11, 5),
                 .green = widen(word >> 5 & 0x3F, 6),
                 .blue = widen(word & 0x1F, 5)};
    }
}

void unpack_rgb555(const std::uint8_t* from, Rgba* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned word = word_at(from + 2 * i);
        to[i] = {.red = widen(word >> 10 & 0x1F, 5),
                 .green = widen(word >> 5 & 0x1F, 5),
                 .blue = widen(word & 0x1F, 5)};
    }
}

// ---- YUYV
// ----------------------------------------------------------------------------------------

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

// ---- the table
// -----------------------------------------------------------------------------------

struct Format {
    std::uint32_t fourcc;
    std::uint32_t bits;
    Unpack unpack;
    Pack pack;  // null: nothing is converted to it
};

template <std::size_t kBytes, std::size_t kRed, std::size_t kBlue, bool kHasAlpha>
constexpr Format direct(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .bits = 8 * kBytes,
            .unpack = unpack_bytes<kBytes, kRed, kBlue, kHasAlpha>,
            .pack = pack_bytes<kBytes, kRed, kBlue, kHasAlpha>};
}

constexpr std::array kFormats = {
    direct<3, 2, 0, false>(kFourccBgr24),
    direct<3, 0, 2, false>(kFourccRgb24),
    direct<4, 2, 0, false>(kFourccBgrx32),
    direct<4, 2, 0, true>(kFourccBgra32),
    direct<4, 0, 2, false>(kFourccRgbx32),
    direct<4, 0, 2, true>(kFourccRgba32),
    Format{kFourccGray8, 8, unpack_grey8, pack_grey8},
    Format{kFourccGray16, 16, unpack_grey16, pack_grey16},
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

// ---- rows
// ----------------------------------------------------------------------------------------

// REQUIRES: both rows have `width` pixels.
void convert_row(const Format& from, const Format& to, std::span<const std::byte> from_row,
                 std::byte* to_row, std::size_t width) {
    constexpr std::size_t kPixelsAtOnce = 512;  // even, for YUYV; 2 KiB
    std::array<Rgba, kPixelsAtOnce> pixels;
    const std::size_t from_bytes = from.bits / 8;
    const std::size_t to_bytes = to.bits / 8;
    const auto* source = reinterpret_cast<const std::uint8_t*>(from_row.data());
    auto* target = reinterpret_cast<std::uint8_t*>(to_row);
    for (std::size_t x = 0; x < width; x += kPixelsAtOnce) {
        const std::size_t count = std::min(kPixelsAtOnce, width - x);
        from.unpack(source + x * from_bytes, pixels.data(), count);
        to.pack(pixels.data(), target + x * to_bytes, count);
    }
}

}  // namespace

bool can_convert_from(std::uint32_t fourcc) {
    return find_format(fourcc) != nullptr;
}

bool can_convert_to(std::uint32_t fourcc) {
    const Format* const format = find_format(fourcc);
    return format != nullptr && format->pack != nullptr;
}

Result<void> convert_into(const ImageView& from, const ImageDescription& to,
                          std::span<std::byte> to_bytes) try {
    const Format* const source = find_format(from.description().fourcc);
    const Format* const target = find_format(to.fourcc);
    const bool same = from.description().fourcc == to.fourcc;
    if (source == nullptr) return cannot_convert(from.description().fourcc, "from");
    if (target == nullptr || (target->pack == nullptr && !same))
        return cannot_convert(to.fourcc, "to");
    if (to.width != from.width() || to.height != from.height())
        return fail(Code::kUsage, "an image of " + to_string(from.description()) +
                                      " does not become one of " + to_string(to));
    if (auto fits = ImageView::make(to, to_bytes); !fits) return pass(fits.error());
    for (std::uint32_t y = 0; y < to.height; ++y) {
        const auto row = from.row(y);
        std::byte* const to_row = to_bytes.data() + row_offset(to, y);
        if (same)
            std::memcpy(to_row, row.data(), row.size());
        else
            convert_row(*source, *target, row, to_row, to.width);
    }
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Image> convert(const ImageView& from, std::uint32_t to_fourcc) try {
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
    auto converted = convert_into(from, image->description(), image->bytes());
    if (!converted) return pass(converted.error());
    return image;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry
