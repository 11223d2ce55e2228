// SPDX-License-Identifier: Apache-2.0
// The header of a Windows or OS/2 bitmap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

enum class BmpKind : std::uint8_t { kCore, kOs2, kWindows };

// The bits of a pixel that belong to each colour; 0 = none.
struct BmpMasks {
    std::uint32_t red = 0;
    std::uint32_t green = 0;
    std::uint32_t blue = 0;
    std::uint32_t alpha = 0;
    friend bool operator==(const BmpMasks&, const BmpMasks&) = default;
};

// Everything that determines the shape, with the values of the file.
struct BmpHeader {
    BmpKind kind = BmpKind::kWindows;
    std::uint32_t header_bytes = 0;
    std::uint32_t file_bytes = 0;    // as the file says it; many programs leave it wrong
    std::uint32_t pixel_offset = 0;  // 0 = right behind the palette
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool top_down = false;
    std::uint32_t bit_count = 0;
    std::uint32_t compression = 0;
    std::uint32_t image_bytes = 0;  // of encoded pixels; raw ones say it by their shape
    std::uint32_t colors_used = 0;  // 0 = as many as the bits allow
    std::uint32_t mask_bytes = 0;   // of masks behind the header
    BmpMasks masks = {};
};

// The fields of a bitmap's header. They are validated only by parse_bmp_header().
[[nodiscard]] std::optional<BmpHeader> read_bmp_header(std::span<const std::byte> beginning);

// Where the palette begins, and how many bytes an entry has.
[[nodiscard]] std::size_t bmp_palette_offset(const BmpHeader& header);
[[nodiscard]] std::size_t bmp_palette_entry_bytes(const BmpHeader& header);

// Where the pixels begin, even if the header leaves that open.
[[nodiscard]] std::uint64_t bmp_pixel_offset(const BmpHeader& header);

// The shape of the bitmap whose file begins with `beginning` (the headers are enough) and is
// `file_bytes` long; layout::kUnknownBytes = not known. kCorrupt: it is no bitmap, or its header
// contradicts itself or the file's length; kUsage: a kind that no program shows.
[[nodiscard]] Result<ImageDescription> parse_bmp_header(std::span<const std::byte> beginning,
                                                        std::uint64_t file_bytes);

}  // namespace mapferry::inline v1
