// SPDX-License-Identifier: Apache-2.0
// The samples of raw pixels as their source stored them: 0 to 1023 for 10 bits, whatever their
// place in memory is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mapferry/image_view.h"

namespace mapferry::cli {

enum class SampleKind : std::uint8_t {
    kInteger,
    kFloat,  // IEEE 754, 32 bits
    kRaw10,  // MIPI's packing: four samples in five bytes
    kRaw12,  // two in three
};

// Where the samples of one channel are. Sample (x, y) of the picture is in row y / 2^row_shift of
// the plane, in the group x / 2^column_shift.
struct SampleChannel {
    std::string_view name = {};  // "R", "Y", "grey"
    std::uint8_t plane = 0;
    std::uint8_t column_shift = 0;
    std::uint8_t row_shift = 0;
    std::uint8_t group_bytes = 1;  // from group to group
    std::uint8_t offset_bytes = 0;
    std::uint8_t word_bytes = 1;  // 1, 2 or 4
    std::uint8_t low_bit = 0;
    std::uint8_t bits = 8;
    SampleKind kind = SampleKind::kInteger;
};

// The channels of a format in the order in which people name them. Empty: nothing is known of it.
[[nodiscard]] std::span<const SampleChannel> channels_of(std::uint32_t fourcc);

// The value of a channel at a pixel; row 0 is the top row. REQUIRES: the pixel is in the image, and
// the channel is one of its format.
[[nodiscard]] double sample_at(const ImageView& image, const SampleChannel& channel,
                               std::uint32_t x, std::uint32_t y);

// The values of a row, `into` as long as the row has groups: a value for each sample that is there.
void samples_of_row(const ImageView& image, const SampleChannel& channel, std::uint32_t plane_row,
                    std::span<float> into);

// For a Bayer pattern the grey format of the same memory, with one sample a pixel. Empty: it is
// none.
[[nodiscard]] std::optional<std::uint32_t> grey_of_bayer(std::uint32_t fourcc);
// "R", "G" or "B": the filter in front of a pixel. REQUIRES: a Bayer pattern.
[[nodiscard]] std::string_view bayer_color(std::uint32_t fourcc, std::uint32_t x, std::uint32_t y);

}  // namespace mapferry::cli
