// SPDX-License-Identifier: Apache-2.0
// The pixel formats: what a format's code determines about the rest of an image's description.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "mapferry/image.h"

namespace mapferry::inline v1 {

enum class Pixels : std::uint8_t { kRaw, kEncoded };

// Where a sample's value is in its memory.
enum class SampleValue : std::uint8_t {
    kLow,     // a whole number in the low bits, little-endian
    kHigh,    // in the high bits
    kFloat,   // IEEE 754
    kPacked,  // not in whole bytes of its own
    kIndex,   // of a palette, or whatever a bitmap's header says
};

struct SampleFormat {
    std::uint8_t channels = 0;  // colours and alpha; Bayer patterns have one of three in a pixel
    std::uint8_t bits = 0;      // memory of a sample; 0 = not the same for all
    std::uint8_t significant_bits = 0;
    SampleValue value = SampleValue::kLow;
};

// A plane consists of units: the smallest group of samples that has whole bytes.
struct PlaneFormat {
    std::uint8_t columns = 1;  // pixels beside each other that a unit covers
    std::uint8_t rows = 1;     // pixels below each other
    std::uint8_t bits = 0;     // memory of a unit; 0 = the description's bits_per_pixel
};

// What other projects call a format; empty where they have no name.
struct ForeignNames {
    std::string_view ffmpeg = {};
    std::string_view gstreamer = {};  // in lower case: of video/x-bayer
    std::string_view pfnc = {};
    std::string_view v4l2 = {};  // codes without the blanks at their end
    std::string_view drm = {};
};

struct PixelFormat {
    std::uint32_t fourcc = 0;
    std::string_view name = {};
    Pixels pixels = Pixels::kRaw;
    std::uint32_t bits_per_pixel = 0;  // all planes together; 0 = not fixed by the code
    SampleFormat samples = {};
    std::uint32_t plane_count = 0;  // 0 = encoded
    std::array<PlaneFormat, kImagePlanesMax> planes = {};
    ForeignNames foreign = {};

    // Its pixels have whole bytes, and its code says how many.
    [[nodiscard]] constexpr bool is_describable() const {
        return pixels == Pixels::kRaw && planes[0].bits != 0 && planes[0].bits % 8 == 0;
    }
};

[[nodiscard]] std::span<const PixelFormat> pixel_formats();
// Null for a code that is not in the table.
[[nodiscard]] const PixelFormat* find_format(std::uint32_t fourcc);

}  // namespace mapferry::inline v1
