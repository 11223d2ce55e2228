// SPDX-License-Identifier: Apache-2.0
// The pixels of a bitmap. stb_image does not decode them, because it refuses or misreads some of
// the kinds that bmp_header.h describes (docs/decisions/0011-pictures.md).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Decodes to BGRA32 where the bitmap has an alpha channel or leaves pixels out, to RGBA64 from 64
// bits a pixel, otherwise to BGR24. A colour that is missing in a palette is black. What the
// picture loses by decoding is added to `warnings`. REQUIRES: parse_bmp_header() gave `description`
// for this file, and it is no JPEG or PNG. kOutOfMemory.
[[nodiscard]] Result<Image> decode_bmp(std::span<const std::byte> file,
                                       const ImageDescription& description,
                                       std::vector<std::string>& warnings);

}  // namespace mapferry::inline v1
