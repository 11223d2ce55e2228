// SPDX-License-Identifier: Apache-2.0
// Formats with more than 8 bits a sample: words of 16 bits, floating-point numbers, 10 bits of a
// word, and grey of 10 to 16 bits. Whole numbers are loaded as they are, and scaled in the strip.
#include <array>
#include <cstring>

#include "pixels/convert_format.h"
#include "pixels/sample_row.h"

namespace mapferry::inline v1 {

namespace {

// Where in a pixel the samples are, counted in samples.
struct Order {
    std::size_t samples;
    std::size_t red;
    std::size_t green;
    std::size_t blue;
    bool has_alpha = false;  // the fourth
};
constexpr Order kRgb{.samples = 3, .red = 0, .green = 1, .blue = 2};
constexpr Order kBgr{.samples = 3, .red = 2, .green = 1, .blue = 0};
constexpr Order kRgbx{.samples = 4, .red = 0, .green = 1, .blue = 2};
constexpr Order kBgrx{.samples = 4, .red = 2, .green = 1, .blue = 0};
constexpr Order kRgba{.samples = 4, .red = 0, .green = 1, .blue = 2, .has_alpha = true};
constexpr Order kBgra{.samples = 4, .red = 2, .green = 1, .blue = 0, .has_alpha = true};

// ---- words of 16 bits --------------------------------------------------------------------------

template <Order kOrder>
void load_words(const ConvertSource& from, const StripPlace& place, WideStrip& to) {
    const std::size_t count = place.count;
    const std::uint8_t* const pixels = from.row(0, place.y) + place.x * kOrder.samples * 2;
    for (std::size_t i = 0; i < count; ++i) {
        std::array<std::uint16_t, kOrder.samples> pixel{};
        std::memcpy(pixel.data(), pixels + i * sizeof pixel, sizeof pixel);
        to.red()[i] = pixel[kOrder.red];
        to.green()[i] = pixel[kOrder.green];
        to.blue()[i] = pixel[kOrder.blue];
        if constexpr (kOrder.has_alpha) to.alpha()[i] = pixel[3];
    }
}

// An unused sample is written as white: a program that takes it for alpha sees an opaque picture.
template <Order kOrder>
void store_words(std::span<WideStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    const std::size_t count = place.count;
    const WideStrip& from = rows[0];
    std::uint8_t* const pixels = to.row(0, place.y) + place.x * kOrder.samples * 2;
    for (std::size_t i = 0; i < count; ++i) {
        std::array<std::uint16_t, kOrder.samples> pixel{};
        pixel[kOrder.red] = from.red()[i];
        pixel[kOrder.green] = from.green()[i];
        pixel[kOrder.blue] = from.blue()[i];
        if constexpr (kOrder.samples == 4)
            pixel[3] = kOrder.has_alpha ? from.alpha()[i] : WideStrip::kMax;
        std::memcpy(pixels + i * sizeof pixel, pixel.data(), sizeof pixel);
    }
}

// ---- floating-point numbers --------------------------------------------------------------------

template <Order kOrder>
void load_floats(const ConvertSource& from, const StripPlace& place, WideStrip& to) {
    const std::size_t count = place.count;
    constexpr SampleScale kAlpha{.factor = 65'535};
    const std::uint8_t* const pixels = from.row(0, place.y) + place.x * kOrder.samples * 4;
    const SampleScale scale = from.scale();
    for (std::size_t i = 0; i < count; ++i) {
        std::array<float, kOrder.samples> pixel{};
        std::memcpy(pixel.data(), pixels + i * sizeof pixel, sizeof pixel);
        to.red()[i] = scaled(pixel[kOrder.red], scale);
        to.green()[i] = scaled(pixel[kOrder.green], scale);
        to.blue()[i] = scaled(pixel[kOrder.blue], scale);
        if constexpr (kOrder.has_alpha) to.alpha()[i] = scaled(pixel[3], kAlpha);
    }
}

void load_grey_floats(const ConvertSource& from, const StripPlace& place, WideStrip& to) {
    const std::size_t count = place.count;
    const std::uint8_t* const pixels = from.row(0, place.y) + std::size_t{place.x} * 4;
    const SampleScale scale = from.scale();
    for (std::size_t i = 0; i < count; ++i) {
        float value = 0;
        std::memcpy(&value, pixels + i * sizeof value, sizeof value);
        to.y()[i] = scaled(value, scale);
    }
}

// ---- 10 bits of a word of 32 -------------------------------------------------------------------

template <unsigned kRedShift, bool kHasAlpha>
void load_tens(const ConvertSource& from, const StripPlace& place, WideStrip& to) {
    const std::size_t count = place.count;
    constexpr unsigned kBlueShift = 20 - kRedShift;
    const std::uint8_t* const pixels = from.row(0, place.y) + std::size_t{place.x} * 4;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, pixels + i * sizeof word, sizeof word);
        to.red()[i] = static_cast<std::uint16_t>(word >> kRedShift & 0x3FF);
        to.green()[i] = static_cast<std::uint16_t>(word >> 10 & 0x3FF);
        to.blue()[i] = static_cast<std::uint16_t>(word >> kBlueShift & 0x3FF);
        if (kHasAlpha) to.alpha()[i] = static_cast<std::uint16_t>((word >> 30) * 0x5555);
    }
}

// ---- grey --------------------------------------------------------------------------------------

template <typename Stored>
void load_grey(const ConvertSource& from, const StripPlace& place, WideStrip& to) {
    Stored::read(from.row(0, place.y), place.x, place.count, to.y());
}

void store_grey(std::span<WideStrip> rows, const StripPlace& place, const ConvertTarget& to) {
    std::memcpy(to.row(0, place.y) + std::size_t{place.x} * 2, rows[0].y(), place.count * 2);
}

// ---- the table ---------------------------------------------------------------------------------

template <Order kOrder>
constexpr ConvertFormat words(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .has_alpha = kOrder.has_alpha,
            .load_wide = load_words<kOrder>,
            .store_wide = store_words<kOrder>,
            .bits = {.significant = 16}};
}

template <Order kOrder>
constexpr ConvertFormat floats(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .has_alpha = kOrder.has_alpha,
            .load_wide = load_floats<kOrder>,
            .bits = {.significant = 0}};
}

template <unsigned kRedShift, bool kHasAlpha>
constexpr ConvertFormat tens(std::uint32_t fourcc) {
    return {.fourcc = fourcc,
            .has_alpha = kHasAlpha,
            .load_wide = load_tens<kRedShift, kHasAlpha>,
            .bits = {.significant = 10}};
}

constexpr ConvertFormat grey(std::uint32_t fourcc, LoadStrip<std::uint16_t> load, unsigned bits,
                             StoreStrip<std::uint16_t> store = nullptr) {
    return {.fourcc = fourcc,
            .model = ColorModel::kGrey,
            .load_wide = load,
            .store_wide = store,
            .bits = {.significant = bits}};
}

constexpr std::array kFormats = {
    words<kRgb>(kFourccRgb48),
    words<kBgr>(kFourccBgr48),
    words<kRgba>(kFourccRgba64),
    words<kBgra>(kFourccBgra64),
    words<kRgbx>(kFourccRgbx64),
    words<kBgrx>(kFourccBgrx64),
    floats<kRgb>(kFourccRgbf32),
    floats<kBgr>(kFourccBgrf32),
    floats<kRgba>(kFourccRgbaf32),
    tens<20, false>(kFourccX2rgb10),
    tens<0, false>(kFourccX2bgr10),
    tens<20, true>(kFourccA2rgb10),
    tens<0, true>(kFourccA2bgr10),
    grey(kFourccGray10, load_grey<WordSamples>, 10),
    grey(kFourccGray12, load_grey<WordSamples>, 12),
    grey(kFourccGray14, load_grey<WordSamples>, 14),
    grey(kFourccGray16, load_grey<WordSamples>, 16, store_grey),
    grey(kFourccGray10p, load_grey<Raw10Samples>, 10),
    grey(kFourccGray12p, load_grey<Raw12Samples>, 12),
    grey(kFourccGrayf32, load_grey_floats, 0),
};

}  // namespace

std::span<const ConvertFormat> wide_formats() {
    return kFormats;
}

}  // namespace mapferry::inline v1
