// SPDX-License-Identifier: Apache-2.0
// The build compiles this file with -O3. The loops are written so that SSE2 and NEON have
// instructions for them: products of 16 bits of which the upper half counts, no branches.
#include "pixels/color_steps.h"

#include <algorithm>
#include <cmath>

namespace mapferry::inline v1 {

namespace {

// The upper half of a product, as pmulhw and pmulhuw have it.
std::int16_t high_product(std::int16_t a, std::int16_t b) {
    return static_cast<std::int16_t>((std::int32_t{a} * b) >> 16);
}
std::int16_t high_product(std::uint16_t a, std::uint16_t b) {
    return static_cast<std::int16_t>((std::uint32_t{a} * b) >> 16);
}

std::uint8_t clamp_to_byte(std::int16_t value) {
    return static_cast<std::uint8_t>(std::clamp(value, std::int16_t{0}, std::int16_t{255}));
}

// The values of black, white and no colour.
struct Levels {
    double black;
    double luma_span;
    double middle;
    double chroma_span;
};

Levels levels_of(ColorRange range, const SampleBits& bits) {
    const double unit = std::ldexp(1.0, static_cast<int>(bits.significant - 8 + bits.shift));
    const double all = std::ldexp(1.0, static_cast<int>(bits.significant + bits.shift)) -
                       std::ldexp(1.0, static_cast<int>(bits.shift));
    if (range == ColorRange::kFull) return {0, all, 128 * unit, all};
    return {16 * unit, 219 * unit, 128 * unit, 224 * unit};
}

// Of U and V in red, green and blue, where all have the range 1.
struct Shares {
    double red_v, green_u, green_v, blue_u;
};

Shares shares_of(const YuvCode& code) {
    const double green_weight = 1 - code.red_weight - code.blue_weight;
    const double red_v = 2 * (1 - code.red_weight);
    const double blue_u = 2 * (1 - code.blue_weight);
    return {.red_v = red_v,
            .green_u = -blue_u * code.blue_weight / green_weight,
            .green_v = -red_v * code.red_weight / green_weight,
            .blue_u = blue_u};
}

// ---- fixed point -------------------------------------------------------------------------------

// Sums for RGB are in 32nds: the largest, blue of a strong U, needs 15 bits. A product is rounded
// down, which for grey, whose other products are 0, is exact: rounding begins at a whole 32nd.
constexpr int kRgbBits = 5;
constexpr std::int16_t kRgbHalf = 1 << (kRgbBits - 1);
// Y is in 128ths, U and V are in 64ths, as they reach 256.
constexpr int kLumaBits = 7;
constexpr int kChromaBits = 6;

// What the factors are multiplied with: a sample, moved up.
std::int16_t signed_luma(std::uint8_t sample, std::int16_t black) {
    return static_cast<std::int16_t>((sample - black) * 128);
}
std::int16_t signed_chroma(std::uint8_t sample) {
    return static_cast<std::int16_t>((sample - 128) * 256);
}
std::uint16_t high(std::uint8_t sample) {
    return static_cast<std::uint16_t>(sample * 256);
}

// What becomes `value` times a sample that was multiplied by `moved`, of which the upper half is
// taken, in units of 2^-bits.
template <typename Factor>
Factor factor(double value, int bits, int moved) {
    return static_cast<Factor>(std::lround(std::ldexp(value, bits) * 65'536 / moved));
}

template <int kBits>
std::uint8_t whole(int sum) {
    return clamp_to_byte(static_cast<std::int16_t>(static_cast<std::int16_t>(sum) >> kBits));
}

}  // namespace

std::optional<YuvCode> yuv_code_of(const ImageColor& color) {
    const ColorRange range =
        color.range == ColorRange::kFull ? ColorRange::kFull : ColorRange::kLimited;
    switch (color.matrix) {
        case 1:  // BT.709
            return YuvCode{0.2126, 0.0722, range};
        case 4:  // FCC
            return YuvCode{0.30, 0.11, range};
        case 2:  // unspecified
        case 5:  // BT.601, 625 lines
        case 6:  // BT.601, 525 lines
            return YuvCode{0.299, 0.114, range};
        case 7:  // SMPTE 240M
            return YuvCode{0.212, 0.087, range};
        case 9:  // BT.2020, not of constant luminance
            return YuvCode{0.2627, 0.0593, range};
        default:
            return std::nullopt;
    }
}

// ---- from YUV ----------------------------------------------------------------------------------

YuvDecoder::YuvDecoder(const YuvCode& code, const SampleBits& bits) {
    const Shares shares = shares_of(code);
    const Levels eight = levels_of(code.range, {});
    const double chroma = 255 / eight.chroma_span;
    const auto of_chroma = [](double value) { return factor<std::int16_t>(value, kRgbBits, 256); };
    narrow_ = {.black = static_cast<std::int16_t>(eight.black),
               .luma = factor<std::int16_t>(255 / eight.luma_span, kRgbBits, 128),
               .red_v = of_chroma(chroma * shares.red_v),
               .green_u = of_chroma(chroma * shares.green_u),
               .green_v = of_chroma(chroma * shares.green_v),
               .blue_u = of_chroma(chroma * shares.blue_u)};
    const Levels levels = levels_of(code.range, bits);
    const double wide_chroma = 65'535 / levels.chroma_span;
    wide_ = {.luma = static_cast<float>(65'535 / levels.luma_span),
             .black = static_cast<float>(levels.black),
             .middle = static_cast<float>(levels.middle),
             .red_v = static_cast<float>(wide_chroma * shares.red_v),
             .green_u = static_cast<float>(wide_chroma * shares.green_u),
             .green_v = static_cast<float>(wide_chroma * shares.green_v),
             .blue_u = static_cast<float>(wide_chroma * shares.blue_u)};
}

void YuvDecoder::to_rgb(NarrowStrip& strip, std::size_t count) const {
    const Narrow k = narrow_;
    for (std::size_t i = 0; i < count; ++i) {
        const int y = high_product(signed_luma(strip.y()[i], k.black), k.luma) + kRgbHalf;
        const std::int16_t u = signed_chroma(strip.u()[i]);
        const std::int16_t v = signed_chroma(strip.v()[i]);
        strip.red()[i] = whole<kRgbBits>(y + high_product(v, k.red_v));
        strip.green()[i] =
            whole<kRgbBits>(y + high_product(u, k.green_u) + high_product(v, k.green_v));
        strip.blue()[i] = whole<kRgbBits>(y + high_product(u, k.blue_u));
    }
}

void YuvDecoder::to_rgb(WideStrip& strip, std::size_t count) const {
    const Wide k = wide_;
    constexpr SampleScale kAsIs;
    for (std::size_t i = 0; i < count; ++i) {
        const float y = (static_cast<float>(strip.y()[i]) - k.black) * k.luma;
        const float u = static_cast<float>(strip.u()[i]) - k.middle;
        const float v = static_cast<float>(strip.v()[i]) - k.middle;
        strip.red()[i] = scaled(y + v * k.red_v, kAsIs);
        strip.green()[i] = scaled(y + u * k.green_u + v * k.green_v, kAsIs);
        strip.blue()[i] = scaled(y + u * k.blue_u, kAsIs);
    }
}

void YuvDecoder::to_grey(NarrowStrip& strip, std::size_t count) const {
    const Narrow k = narrow_;
    for (std::size_t i = 0; i < count; ++i)
        strip.y()[i] =
            whole<kRgbBits>(high_product(signed_luma(strip.y()[i], k.black), k.luma) + kRgbHalf);
}

void YuvDecoder::to_grey(WideStrip& strip, std::size_t count) const {
    const SampleScale scale{.black = wide_.black, .factor = wide_.luma};
    scale_samples(strip, 1, count, scale);
}

// ---- to YUV ------------------------------------------------------------------------------------

YuvEncoder::YuvEncoder(const YuvCode& code) {
    const Levels levels = levels_of(code.range, {});
    const double luma = levels.luma_span / 255;
    const double chroma = levels.chroma_span / 255;
    const auto of_luma = [&](double weight) {
        return factor<std::uint16_t>(weight * luma, kLumaBits, 256);
    };
    const auto of_chroma = [&](double share) {
        return factor<std::int16_t>(share * chroma, kChromaBits, 128);
    };
    const double green_weight = 1 - code.red_weight - code.blue_weight;
    luma_ = {.red = of_luma(code.red_weight),
             .green = of_luma(green_weight),
             .blue = of_luma(code.blue_weight)};
    grey_ = factor<std::uint16_t>(luma, kLumaBits, 256);
    u_ = {.red = of_chroma(-0.5 * code.red_weight / (1 - code.blue_weight)),
          .green = 0,
          .blue = of_chroma(0.5)};
    v_ = {.red = of_chroma(0.5),
          .green = 0,
          .blue = of_chroma(-0.5 * code.blue_weight / (1 - code.red_weight))};
    // Grey has no colour, exactly.
    u_.green = static_cast<std::int16_t>(-u_.red - u_.blue);
    v_.green = static_cast<std::int16_t>(-v_.red - v_.blue);
    bias_ = static_cast<int>(std::ldexp(levels.black + 0.5, kLumaBits));
}

void YuvEncoder::from_rgb(NarrowStrip& strip, std::size_t count) const {
    const auto [yr, yg, yb] = luma_;
    const auto [ur, ug, ub] = u_;
    const auto [vr, vg, vb] = v_;
    // Three products lose half a unit each when they are rounded down, one and a half in all.
    const int luma_bias = bias_ + 1;
    constexpr int kChromaBias = (128 << kChromaBits) + (1 << (kChromaBits - 1)) + 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t red = strip.red()[i];
        const std::uint8_t green = strip.green()[i];
        const std::uint8_t blue = strip.blue()[i];
        const auto r = static_cast<std::int16_t>(red * 128);
        const auto g = static_cast<std::int16_t>(green * 128);
        const auto b = static_cast<std::int16_t>(blue * 128);
        strip.y()[i] =
            whole<kLumaBits>(high_product(high(red), yr) + high_product(high(green), yg) +
                             high_product(high(blue), yb) + luma_bias);
        strip.u()[i] = whole<kChromaBits>(high_product(r, ur) + high_product(g, ug) +
                                          high_product(b, ub) + kChromaBias);
        strip.v()[i] = whole<kChromaBits>(high_product(r, vr) + high_product(g, vg) +
                                          high_product(b, vb) + kChromaBias);
    }
}

void YuvEncoder::from_grey(NarrowStrip& strip, std::size_t count) const {
    const std::uint16_t scale = grey_;
    const int bias = bias_;
    for (std::size_t i = 0; i < count; ++i)
        strip.y()[i] = whole<kLumaBits>(high_product(high(strip.y()[i]), scale) + bias);
    std::fill_n(strip.u(), count, std::uint8_t{128});
    std::fill_n(strip.v(), count, std::uint8_t{128});
}

// ---- grey --------------------------------------------------------------------------------------

namespace {

// ITU-R BT.601 in 16 bit fixed point, rounded; the weights add up to 65536, so white stays white.
template <typename Sample>
void mix(Strip<Sample>& strip, std::size_t count) {
    constexpr std::uint32_t kRed = 19'595;
    constexpr std::uint32_t kGreen = 38'470;
    constexpr std::uint32_t kBlue = 7'471;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t sum =
            kRed * strip.red()[i] + kGreen * strip.green()[i] + kBlue * strip.blue()[i];
        strip.y()[i] = static_cast<Sample>((sum + 0x8000) >> 16);
    }
}

template <typename Sample>
void spread(Strip<Sample>& strip, std::size_t count) {
    std::copy_n(strip.y(), count, strip.green());
    std::copy_n(strip.y(), count, strip.blue());
}

}  // namespace

void mix_grey(NarrowStrip& strip, std::size_t count) {
    mix(strip, count);
}
void mix_grey(WideStrip& strip, std::size_t count) {
    mix(strip, count);
}
void spread_grey(NarrowStrip& strip, std::size_t count) {
    spread(strip, count);
}
void spread_grey(WideStrip& strip, std::size_t count) {
    spread(strip, count);
}

// ---- 8 and 16 bits -----------------------------------------------------------------------------

void scale_samples(WideStrip& strip, std::size_t channel_count, std::size_t count,
                   const SampleScale& scale) {
    for (std::size_t channel = 0; channel < channel_count; ++channel) {
        std::uint16_t* const samples = strip.channels[channel].data();
        for (std::size_t i = 0; i < count; ++i)
            samples[i] = scaled(static_cast<float>(samples[i]), scale);
    }
}

void narrow_samples(const WideStrip& from, NarrowStrip& to, std::size_t channel_count,
                    std::size_t count) {
    for (std::size_t channel = 0; channel < channel_count; ++channel)
        for (std::size_t i = 0; i < count; ++i)
            to.channels[channel][i] =
                static_cast<std::uint8_t>((from.channels[channel][i] + 128U) / 257);
}

void widen_samples(const NarrowStrip& from, WideStrip& to, std::size_t channel_count,
                   std::size_t count) {
    for (std::size_t channel = 0; channel < channel_count; ++channel)
        for (std::size_t i = 0; i < count; ++i)
            to.channels[channel][i] = static_cast<std::uint16_t>(from.channels[channel][i] * 257);
}

void narrow_yuv(const WideStrip& from, NarrowStrip& to, std::size_t count, const SampleBits& bits) {
    const unsigned shift = bits.significant - 8 + bits.shift;
    const unsigned half = shift == 0 ? 0 : 1U << (shift - 1);
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t i = 0; i < count; ++i)
            to.channels[channel][i] = static_cast<std::uint8_t>(
                std::min((from.channels[channel][i] + half) >> shift, 255U));
}

}  // namespace mapferry::inline v1
