// The header of a Windows or OS/2 bitmap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mapferry/image.h"

namespace mapferry {

// The shape of the bitmap whose file begins with `beginning` (that need not hold more than headers)
// and is `file_bytes` long, layout::kUnknownBytes = not known. Empty when it is no bitmap, when its
// header contradicts itself or the file's length, and for kinds that have no FourCC: 2 bits a
// pixel, and OS/2's Huffman and 24-bit run lengths.
[[nodiscard]] std::optional<ImageDescription> parse_bmp_header(std::span<const std::byte> beginning,
                                                               std::uint64_t file_bytes);

}  // namespace mapferry
