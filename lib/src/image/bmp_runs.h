// SPDX-License-Identifier: Apache-2.0
// The run lengths of bitmaps: RLE8, RLE4, and RLE24 of OS/2 2.x.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "image/bmp_palette.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Decodes to BGR24, or to BGRA32 when the runs leave pixels out, which are transparent then. `data`
// may be longer than the runs; if it is shorter, a sentence is added to `warnings`. REQUIRES:
// `description` is that of parse_bmp_header() and names run lengths. kOutOfMemory.
[[nodiscard]] Result<Image> decode_bmp_runs(std::span<const std::byte> data,
                                            const ImageDescription& description,
                                            const BmpPalette& palette,
                                            std::vector<std::string>& warnings);

}  // namespace mapferry::inline v1
