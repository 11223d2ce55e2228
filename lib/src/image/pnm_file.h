// SPDX-License-Identifier: Apache-2.0
// Binary PPM and PGM: netpbm's manual pages ppm(5) and pgm(5). stb_image does not read them,
// because its numbers overflow on long runs of digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

struct PnmHeader {
    std::uint32_t samples = 0;  // of a pixel: 1 or 3
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t white = 0;  // the largest value of a sample, 1 to 65535
    std::size_t pixel_offset = 0;

    [[nodiscard]] std::uint32_t bytes_per_pixel() const { return samples * (white > 0xFF ? 2 : 1); }
};

// REQUIRES: begins with "P5" or "P6". Empty when what follows is no header.
[[nodiscard]] std::optional<PnmHeader> read_pnm_header(std::span<const std::byte> beginning);

// REQUIRES: probe_image() describes `file` as a PNM. Decodes to BGR24 and GRAY8, with more than 8
// bits to RGB48 and GRAY16. kOutOfMemory.
[[nodiscard]] Result<Image> decode_pnm(std::span<const std::byte> file);

// Makes a PGM of GRAY8 or GRAY16, a PPM of RGB24 or RGB48. REQUIRES: it is one of them.
[[nodiscard]] std::vector<std::byte> encode_pnm(const ImageView& image);

}  // namespace mapferry::inline v1
