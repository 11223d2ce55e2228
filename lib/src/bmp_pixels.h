// The pixels of an uncompressed bitmap. Not left to stb_image, which refuses or misreads some of
// the kinds that bmp_header.h describes (docs/decisions/0011-pictures.md).
#pragma once

#include <cstddef>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry {

// BGRA32 where the bitmap has an alpha channel, else BGR24. A colour that is missing in a palette
// is black. REQUIRES: parse_bmp_header() gave `description` for this file, of raw pixels. kIo: no
// memory.
[[nodiscard]] Result<Image> decode_bmp(std::span<const std::byte> file,
                                       const ImageDescription& description);

}  // namespace mapferry
