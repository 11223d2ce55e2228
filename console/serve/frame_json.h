// SPDX-License-Identifier: Apache-2.0
// What the server sends to a page about a frame, its picture and its samples.
#pragma once

#include "console/serve/pixel_statistics.h"
#include "console/serve/seen_frame.h"
#include "json/json_value.h"
#include "mapferry/image_convert.h"

namespace mapferry::cli {

// "id", "sequence", "captured_ns", ...: what the frame says of itself.
[[nodiscard]] json::Value frame_json(const SeenFrame& frame);

// Adds "width", "height", "format", "channels", "levels_high", "bayer", "layers": what the pixels
// are.
void add_picture(json::Value& object, const PlainPicture& picture);

// "low", "bin_width", "channels" with "bins".
[[nodiscard]] json::Value statistics_json(const PictureStatistics& statistics);

// The samples of a rectangle, row after row, as arrays of one number for each channel. Of a Bayer
// pattern each pixel has one sample, and "colors" their filters. The rectangle is cut to the image.
struct PixelArea {
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    std::uint32_t columns = 1;
    std::uint32_t rows = 1;
};
[[nodiscard]] json::Value samples_json(const ImageView& image, PixelArea area);

}  // namespace mapferry::cli
