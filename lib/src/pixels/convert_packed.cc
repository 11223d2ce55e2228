// SPDX-License-Identifier: Apache-2.0
// Formats with a byte for each colour, and those with a word of 16 bits for a pixel.
#include <algorithm>
#include <array>
#include <cstring>

#include "pixels/convert_format.h"

namespace mapferry::inline v1 {

namespace {

// Where in a pixel the bytes are.
struct Order {
    std::size_t bytes;
    std::size_t red;
    std::size_t green;
    std::size_t blue;
    std::size_t other = 0;  // alpha, or an unused byte. Without one: a place of another colour
    bool has_alpha = false;
};
constexpr Order kBgr{.bytes = 3, .red = 2, .green = 1, .blue = 0};
constexpr Order kRgb{.bytes = 3, .red = 0, .green = 1, .blue = 2};
constexpr Order kBgrx{.bytes = 4, .red = 2, .green = 1, .blue = 0, .other = 3};
constexpr Order kRgbx{.bytes = 4, .red = 0, .green = 1, .blue = 2, .other = 3};
constexpr Order kXrgb{.bytes = 4, .red = 1, .green = 2, .blue = 3, .other = 0};
constexpr Order kXbgr{.bytes = 4, .red = 3, .green = 2, .blue = 1, .other = 0};

constexpr Order with_alpha(Order order) {
    order.has_alpha = true;
    return order;
}

// ---- four bytes, as one word -------------------------------------------------------------------

constexpr std::uint8_t byte_of(std::uint32_t word, std::size_t place) {
    return static_cast<std::uint8_t>(word >> (8 * place));
}
constexpr std::uint32_t at_place(std::uint8_t byte, std::size_t place) {
    return std::uint32_t{byte} << (8 * place);
}

template <Order kOrder>
void load_four(const ConvertSource& from, const StripPlace& place, NarrowStrip& to) {
    const std::size_t count = place.count;
    const std::uint8_t* const pixels = from.row(0, place.y) + std::size_t{place.x} * 4;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, pixels + 4 * i, sizeof word);
        to.red()[i] = byte_of(word, kOrder.red);
        to.green()[i] = byte_of(word, kOrder.green);
        to.blue()[i] = byte_of(word, kOrder.blue);
        if (kOrder.has_alpha) to.alpha()[i] = byte_of(word, kOrder.other);
    }
}

// An unused byte is written as 255: a program that takes it for alpha sees an opaque picture.
template <Order kOrder>
void store_four(std::span<NarrowStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    const std::size_t count = place.count;
    const NarrowStrip& from = rows[0];
    std::uint8_t* const pixels = to.row(0, place.y) + std::size_t{place.x} * 4;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t other = kOrder.has_alpha ? from.alpha()[i] : NarrowStrip::kMax;
        const std::uint32_t word =
            at_place(from.red()[i], kOrder.red) | at_place(from.green()[i], kOrder.green) |
            at_place(from.blue()[i], kOrder.blue) | at_place(other, kOrder.other);
        std::memcpy(pixels + 4 * i, &word, sizeof word);
    }
}

// ---- three bytes -------------------------------------------------------------------------------

template <Order kOrder>
void load_three(const ConvertSource& from, const StripPlace& place, NarrowStrip& to) {
    const std::size_t count = place.count;
    const std::uint8_t* const pixels = from.row(0, place.y) + std::size_t{place.x} * 3;
    for (std::size_t i = 0; i < count; ++i) {
        to.red()[i] = pixels[3 * i + kOrder.red];
        to.green()[i] = pixels[3 * i + kOrder.green];
        to.blue()[i] = pixels[3 * i + kOrder.blue];
    }
}

template <Order kOrder>
void store_three(std::span<NarrowStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    const NarrowStrip& from = rows[0];
    const std::size_t count = place.count;
    std::uint8_t* const pixels = to.row(0, place.y) + std::size_t{place.x} * 3;
    for (std::size_t i = 0; i < count; ++i) {
        pixels[3 * i + kOrder.red] = from.red()[i];
        pixels[3 * i + kOrder.green] = from.green()[i];
        pixels[3 * i + kOrder.blue] = from.blue()[i];
    }
}

void load_grey(const ConvertSource& from, const StripPlace& place, NarrowStrip& to) {
    std::memcpy(to.y(), from.row(0, place.y) + place.x, place.count);
}

void store_grey(std::span<NarrowStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    std::memcpy(to.row(0, place.y) + place.x, rows[0].y(), place.count);
}

// ---- 16 bits a pixel ---------------------------------------------------------------------------

// v * 255 / (2^kBits - 1), rounded.
template <unsigned kBits>
std::uint8_t scale_up(unsigned value) {
    constexpr unsigned kMax = (1U << kBits) - 1;
    return static_cast<std::uint8_t>(((value & kMax) * 255 + kMax / 2) / kMax);
}

enum class HighBits : std::uint8_t { kRed, kBlue };

template <unsigned kGreenBits, HighBits kHigh = HighBits::kRed>
void load_word(const ConvertSource& from, const StripPlace& place, NarrowStrip& to) {
    const std::size_t count = place.count;
    const std::uint8_t* const pixels = from.row(0, place.y) + std::size_t{place.x} * 2;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t word = 0;
        std::memcpy(&word, pixels + 2 * i, sizeof word);
        const std::uint8_t high = scale_up<5>(word >> (5 + kGreenBits));
        const std::uint8_t low = scale_up<5>(word);
        to.red()[i] = kHigh == HighBits::kRed ? high : low;
        to.green()[i] = scale_up<kGreenBits>(word >> 5);
        to.blue()[i] = kHigh == HighBits::kRed ? low : high;
    }
}

// ---- the table ---------------------------------------------------------------------------------

template <Order kOrder>
constexpr ConvertFormat direct(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .has_alpha = kOrder.has_alpha,
            .load_narrow = kOrder.bytes == 4 ? load_four<kOrder> : load_three<kOrder>,
            .store = kOrder.bytes == 4 ? store_four<kOrder> : store_three<kOrder>};
}

constexpr std::array kFormats = {
    direct<kBgr>(kFourccBgr24),
    direct<kRgb>(kFourccRgb24),
    direct<kBgrx>(kFourccBgrx32),
    direct<with_alpha(kBgrx)>(kFourccBgra32),
    direct<kRgbx>(kFourccRgbx32),
    direct<with_alpha(kRgbx)>(kFourccRgba32),
    direct<kXrgb>(kFourccXrgb32),
    direct<with_alpha(kXrgb)>(kFourccArgb32),
    direct<kXbgr>(kFourccXbgr32),
    direct<with_alpha(kXbgr)>(kFourccAbgr32),
    ConvertFormat{.fourcc = kFourccGray8,
                  .model = ColorModel::kGrey,
                  .load_narrow = load_grey,
                  .store = store_grey},
    ConvertFormat{.fourcc = kFourccRgb565, .load_narrow = load_word<6>},
    ConvertFormat{.fourcc = kFourccRgb555, .load_narrow = load_word<5>},
    ConvertFormat{.fourcc = kFourccBgr565, .load_narrow = load_word<6, HighBits::kBlue>},
    ConvertFormat{.fourcc = kFourccBgr555, .load_narrow = load_word<5, HighBits::kBlue>},
};

}  // namespace

std::span<const ConvertFormat> packed_formats() {
    return kFormats;
}

}  // namespace mapferry::inline v1
