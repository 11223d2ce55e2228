// SPDX-License-Identifier: Apache-2.0
// A piece of a row on its way from one pixel format to another: a few pixels, each channel by
// itself, so that loops over them are vectorised. A strip lives on the stack and stays in the
// first-level cache.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace mapferry::inline v1 {

// Whole groups of every format: pairs of 4:2:0, and the four pixels of RAW10.
inline constexpr std::size_t kStripPixels = 512;

// What the channels of a strip mean.
enum class ColorModel : std::uint8_t {
    kRgb,   // red, green, blue, alpha
    kGrey,  // grey; the others mean nothing
    kYuv,   // Y, U, V; each pixel has U and V of its own
};

template <typename Sample>
struct Strip {
    using Channel = std::array<Sample, kStripPixels>;
    static constexpr Sample kMax = std::numeric_limits<Sample>::max();

    std::array<Channel, 4> channels;

    [[nodiscard]] Sample* red() { return channels[0].data(); }
    [[nodiscard]] Sample* green() { return channels[1].data(); }
    [[nodiscard]] Sample* blue() { return channels[2].data(); }
    [[nodiscard]] Sample* alpha() { return channels[3].data(); }
    [[nodiscard]] Sample* y() { return channels[0].data(); }  // or grey
    [[nodiscard]] Sample* u() { return channels[1].data(); }
    [[nodiscard]] Sample* v() { return channels[2].data(); }
    [[nodiscard]] const Sample* red() const { return channels[0].data(); }
    [[nodiscard]] const Sample* green() const { return channels[1].data(); }
    [[nodiscard]] const Sample* blue() const { return channels[2].data(); }
    [[nodiscard]] const Sample* alpha() const { return channels[3].data(); }
    [[nodiscard]] const Sample* y() const { return channels[0].data(); }
    [[nodiscard]] const Sample* u() const { return channels[1].data(); }
    [[nodiscard]] const Sample* v() const { return channels[2].data(); }
};
using NarrowStrip = Strip<std::uint8_t>;
using WideStrip = Strip<std::uint16_t>;

// The pixels x to x + count of row y, counted from the top left. x is a multiple of kStripPixels.
struct StripPlace {
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    std::size_t count = 0;
};

}  // namespace mapferry::inline v1
