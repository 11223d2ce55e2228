// SPDX-License-Identifier: Apache-2.0
// From 8 bit pixels to the bytes of a JPEG or PNG.
#pragma once

#include <memory>
#include <string>

#include "console/serve/view_settings.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// A JPEG. kUsage: the pixels have none of the formats that the encoder reads as they are (RGB with
// 8 bits in any order, GRAY8, top-down); kSystem: the encoder failed.
[[nodiscard]] Result<std::string> encode_jpeg(const ImageView& image, int quality);
// Whether encode_jpeg() reads such pixels.
[[nodiscard]] bool is_read_by_jpeg(const ImageDescription& image);

// A PNG that is quickly made rather than small. kUsage: neither RGB24 nor GRAY8; kSystem.
[[nodiscard]] Result<std::string> encode_quick_png(const ImageView& image);

}  // namespace mapferry::cli
