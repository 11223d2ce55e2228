// SPDX-License-Identifier: Apache-2.0
// The one-dimensional Huffman code of fax machines (ITU-T T.4), in which OS/2 2.x stores bitmaps of
// one bit.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "image/bmp_palette.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Decodes to BGR24: white runs have the palette's first colour, black ones its second. The highest
// bit of a byte is the first. A damaged row ends at the damage and a missing row is white, with a
// sentence in `warnings`. REQUIRES: `description` is that of parse_bmp_header(), of this code.
// kOutOfMemory.
[[nodiscard]] Result<Image> decode_bmp_huffman(std::span<const std::byte> data,
                                               const ImageDescription& description,
                                               const BmpPalette& palette,
                                               std::vector<std::string>& warnings);

}  // namespace mapferry::inline v1
