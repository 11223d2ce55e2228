// The segments of a JPEG (ITU-T T.81, annex B), looked at before stb_image decodes it.
#pragma once

#include <cstddef>
#include <span>

#include "mapferry/status.h"

namespace mapferry {

// Walks all segments to the end of the image. kCorrupt: they don't reach it, or a Huffman table
// announces more than 256 codes, past which stb_image before 2.28 writes.
[[nodiscard]] Result<void> check_jpeg_segments(std::span<const std::byte> jpeg);

}  // namespace mapferry
