// SPDX-License-Identifier: Apache-2.0
// The arithmetic of colours on strips: YUV to RGB and back, grey, 8 and 16 bits.
#pragma once

#include <optional>

#include "pixels/pixel_strip.h"
#include "mapferry/image.h"

namespace mapferry::inline v1 {

// How Y, U and V stand for colours.
struct YuvCode {
    double red_weight = 0;  // of luma; green has what red and blue leave
    double blue_weight = 0;
    ColorRange range = ColorRange::kLimited;
};

// An unspecified matrix is that of BT.601, an unknown range is limited. Empty: the matrix is none
// of luma and two differences (YCgCo, constant luminance, ICtCp), or unknown.
[[nodiscard]] std::optional<YuvCode> yuv_code_of(const ImageColor& color);

// Where the sample's bits are in a 16 bit word: P010 has 10 bits, shifted by 6.
struct SampleBits {
    unsigned significant = 8;
    unsigned shift = 0;
};

// Y, U and V become red, green and blue; or Y becomes grey.
class YuvDecoder {
  public:
    YuvDecoder(const YuvCode& code, const SampleBits& bits);

    void to_rgb(NarrowStrip& strip, std::size_t count) const;
    void to_rgb(WideStrip& strip, std::size_t count) const;
    void to_grey(NarrowStrip& strip, std::size_t count) const;
    void to_grey(WideStrip& strip, std::size_t count) const;

  private:
    // Of 8 bits: fixed point.
    struct Narrow {
        std::int16_t black, luma, red_v, green_u, green_v, blue_u;
    };
    struct Wide {
        float luma, black, middle, red_v, green_u, green_v, blue_u;
    };
    Narrow narrow_{};
    Wide wide_{};
};

// Red, green and blue, or grey, become Y, U and V of 8 bits.
class YuvEncoder {
  public:
    explicit YuvEncoder(const YuvCode& code);

    void from_rgb(NarrowStrip& strip, std::size_t count) const;
    void from_grey(NarrowStrip& strip, std::size_t count) const;

  private:
    struct LumaFactors {
        std::uint16_t red, green, blue;
    };
    struct ChromaFactors {
        std::int16_t red, green, blue;
    };
    LumaFactors luma_{};
    ChromaFactors u_{};
    ChromaFactors v_{};
    std::uint16_t grey_;
    int bias_;  // of luma: black and a half
};

// 0.299 R + 0.587 G + 0.114 B becomes the first channel; and the first channel becomes all three.
void mix_grey(NarrowStrip& strip, std::size_t count);
void mix_grey(WideStrip& strip, std::size_t count);
void spread_grey(NarrowStrip& strip, std::size_t count);
void spread_grey(WideStrip& strip, std::size_t count);

// Which values of a sample become black and white.
struct SampleScale {
    float black = 0;
    float factor = 1;  // 65535 / (white - black)

    [[nodiscard]] bool changes_nothing() const { return black == 0 && factor == 1; }
};
// Values outside become black or white; what is not a number becomes black.
[[nodiscard]] inline std::uint16_t scaled(float value, const SampleScale& scale) {
    const float result = (value - scale.black) * scale.factor + 0.5F;
    const float positive = result > 0.0F ? result : 0.0F;
    return static_cast<std::uint16_t>(static_cast<int>(positive < 65535.0F ? positive : 65535.0F));
}
// In the first `channel_count` channels.
void scale_samples(WideStrip& strip, std::size_t channel_count, std::size_t count,
                   const SampleScale& scale);

// The first `channel_count` channels; 16 bits become 8 by v * 255 / 65535, rounded.
void narrow_samples(const WideStrip& from, NarrowStrip& to, std::size_t channel_count,
                    std::size_t count);
void widen_samples(const NarrowStrip& from, WideStrip& to, std::size_t channel_count,
                   std::size_t count);
// Y, U and V keep their meaning: 10 bits become 8 by a shift, rounded.
void narrow_yuv(const WideStrip& from, NarrowStrip& to, std::size_t count, const SampleBits& bits);

}  // namespace mapferry::inline v1
