// SPDX-License-Identifier: Apache-2.0
// The pixels of a bitmap. Not left to stb_image, which refuses or misreads some of the kinds that
// bmp_header.h describes (docs/decisions/0011-pictures.md).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// BGRA32 where the bitmap has an alpha channel or leaves pixels out, RGBA64 of 64 bits a pixel,
// else BGR24. A colour that is missing in a palette is black. What the picture lost on the way is
// added to `warnings`. REQUIRES: parse_bmp_header() gave `description` for this file, and it is no
// JPEG or PNG. kOutOfMemory.
[[nodiscard]] Result<Image> decode_bmp(std::span<const std::byte> file,
                                       const ImageDescription& description,
                                       std::vector<std::string>& warnings);

}  // namespace mapferry::inline v1
