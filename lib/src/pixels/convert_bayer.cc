// SPDX-License-Identifier: Apache-2.0
// Bayer patterns: of each pixel the sensor has one colour. The other two are the mean of the
// nearest samples of that colour, two or four. Behind an edge the picture is mirrored, so that a
// sample's neighbours have the colours that they have elsewhere.
#include <algorithm>
#include <array>

#include "pixels/convert_format.h"
#include "pixels/sample_row.h"

namespace mapferry::inline v1 {

namespace {

// The colours of a pattern: whether its first row has red and green or blue and green, and whether
// green comes first.
struct Pattern {
    bool red_row_first;
    bool green_first;
};
constexpr Pattern kRggb{.red_row_first = true, .green_first = false};
constexpr Pattern kGrbg{.red_row_first = true, .green_first = true};
constexpr Pattern kGbrg{.red_row_first = false, .green_first = true};
constexpr Pattern kBggr{.red_row_first = false, .green_first = false};

// A strip's samples with a neighbour on each side: samples[0] is left of the first pixel.
template <typename Sample>
using Samples = std::array<Sample, kStripPixels + 2>;

template <typename Stored>
void read_row(const ConvertSource& from, const StripPlace& place, std::uint32_t y,
              Samples<typename Stored::Sample>& to) {
    const bool is_first = place.x == 0;
    const bool is_last = place.x + place.count == from.width();
    const std::size_t begin = is_first ? 0 : place.x - 1;
    const std::size_t end = place.x + place.count + (is_last ? 0 : 1);
    Stored::read(from.row(0, y), begin, end - begin, to.data() + (is_first ? 1 : 0));
    // A picture of one column has no neighbours but itself.
    const bool is_single = from.width() == 1;
    if (is_first) to[0] = to[is_single ? 1 : 2];
    if (is_last) to[place.count + 1] = to[is_single ? 1 : place.count - 1];
}

// Three rows of samples, the middle one of which becomes colours. `own` is the colour that it has
// beside green, `other` that of the rows above and below.
template <typename Sample>
struct Interpolation {
    const Sample* above;
    const Sample* here;
    const Sample* below;
    Sample* own;
    Sample* green;
    Sample* other;

    static Sample mean(unsigned a, unsigned b) { return static_cast<Sample>((a + b + 1) / 2); }
    static Sample mean(unsigned a, unsigned b, unsigned c, unsigned d) {
        return static_cast<Sample>((a + b + c + d + 2) / 4);
    }
    void fill_green(std::size_t i) const {
        own[i] = mean(here[i], here[i + 2]);
        green[i] = here[i + 1];
        other[i] = mean(above[i + 1], below[i + 1]);
    }
    void fill_other(std::size_t i) const {
        own[i] = here[i + 1];
        green[i] = mean(here[i], here[i + 2], above[i + 1], below[i + 1]);
        other[i] = mean(above[i], above[i + 2], below[i], below[i + 2]);
    }
    template <bool kGreenFirst>
    void fill_row(std::size_t count) const {
        const auto fill_even = [&](std::size_t i) { kGreenFirst ? fill_green(i) : fill_other(i); };
        const auto fill_odd = [&](std::size_t i) { kGreenFirst ? fill_other(i) : fill_green(i); };
        const std::size_t even = count / 2 * 2;
        for (std::size_t i = 0; i < even; i += 2) {
            fill_even(i);
            fill_odd(i + 1);
        }
        if (even < count) fill_even(even);
    }
};

template <typename Stored, Pattern kPattern>
void load_bayer(const ConvertSource& from, const StripPlace& place,
                Strip<typename Stored::Sample>& to) {
    const std::uint32_t y = place.y;
    const std::uint32_t last = from.height() - 1;
    Samples<typename Stored::Sample> above;
    Samples<typename Stored::Sample> here;
    Samples<typename Stored::Sample> below;
    read_row<Stored>(from, place, y > 0 ? y - 1 : std::min(1U, last), above);
    read_row<Stored>(from, place, y, here);
    read_row<Stored>(from, place, y < last ? y + 1 : std::max(last, 1U) - 1, below);
    const bool is_odd = y % 2 == 1;
    const bool has_red = kPattern.red_row_first != is_odd;
    const bool is_green_first = kPattern.green_first != is_odd;
    const Interpolation<typename Stored::Sample> row{.above = above.data(),
                                                     .here = here.data(),
                                                     .below = below.data(),
                                                     .own = has_red ? to.red() : to.blue(),
                                                     .green = to.green(),
                                                     .other = has_red ? to.blue() : to.red()};
    if (is_green_first)
        row.template fill_row<true>(place.count);
    else
        row.template fill_row<false>(place.count);
}

// ---- the table ---------------------------------------------------------------------------------

template <Pattern kPattern>
constexpr ConvertFormat bytes(std::uint32_t fourcc) {
    return {.fourcc = fourcc, .load_narrow = load_bayer<ByteSamples, kPattern>};
}

template <typename Stored, Pattern kPattern>
constexpr ConvertFormat wide(std::uint32_t fourcc, unsigned bits) {
    return {
        .fourcc = fourcc, .load_wide = load_bayer<Stored, kPattern>, .bits = {.significant = bits}};
}

constexpr std::array kFormats = {
    bytes<kRggb>(kFourccRggb8),
    bytes<kGrbg>(kFourccGrbg8),
    bytes<kGbrg>(kFourccGbrg8),
    bytes<kBggr>(kFourccBggr8),
    wide<WordSamples, kRggb>(kFourccRggb10, 10),
    wide<WordSamples, kGrbg>(kFourccGrbg10, 10),
    wide<WordSamples, kGbrg>(kFourccGbrg10, 10),
    wide<WordSamples, kBggr>(kFourccBggr10, 10),
    wide<WordSamples, kRggb>(kFourccRggb12, 12),
    wide<WordSamples, kGrbg>(kFourccGrbg12, 12),
    wide<WordSamples, kGbrg>(kFourccGbrg12, 12),
    wide<WordSamples, kBggr>(kFourccBggr12, 12),
    wide<WordSamples, kRggb>(kFourccRggb16, 16),
    wide<WordSamples, kGrbg>(kFourccGrbg16, 16),
    wide<WordSamples, kGbrg>(kFourccGbrg16, 16),
    wide<WordSamples, kBggr>(kFourccBggr16, 16),
    wide<Raw10Samples, kRggb>(kFourccRggb10p, 10),
    wide<Raw10Samples, kGrbg>(kFourccGrbg10p, 10),
    wide<Raw10Samples, kGbrg>(kFourccGbrg10p, 10),
    wide<Raw10Samples, kBggr>(kFourccBggr10p, 10),
    wide<Raw12Samples, kRggb>(kFourccRggb12p, 12),
    wide<Raw12Samples, kGrbg>(kFourccGrbg12p, 12),
    wide<Raw12Samples, kGbrg>(kFourccGbrg12p, 12),
    wide<Raw12Samples, kBggr>(kFourccBggr12p, 12),
};

}  // namespace

std::span<const ConvertFormat> bayer_formats() {
    return kFormats;
}

}  // namespace mapferry::inline v1
