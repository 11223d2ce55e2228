// SPDX-License-Identifier: Apache-2.0
// Image shapes as people write them on a command line.
#pragma once

#include <string>
#include <string_view>

#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// "3840x2160:BGR24": width, height and any name of a raw pixel format (find_pixel_format).
// "149x83:BGR24:448" also has the number of bytes from row to row of the first plane. kUsage.
[[nodiscard]] Result<ImageDescription> parse_image(std::string_view text);

// The text that parse_image() parses.
[[nodiscard]] std::string image_text(const ImageDescription& image);

// The names of the format in ffmpeg and GStreamer's rawvideoparse; empty where they have none.
[[nodiscard]] std::string ffmpeg_format(const ImageDescription& image);
[[nodiscard]] std::string gstreamer_format(const ImageDescription& image);

}  // namespace mapferry::cli
