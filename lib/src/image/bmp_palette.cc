// SPDX-License-Identifier: Apache-2.0
#include "image/bmp_palette.h"

#include <algorithm>

namespace mapferry::inline v1 {

BmpPalette read_bmp_palette(std::span<const std::byte> file, const BmpHeader& header) {
    const std::size_t entry_bytes = bmp_palette_entry_bytes(header);
    const std::size_t begin = bmp_palette_offset(header);
    const std::uint64_t end = std::min<std::uint64_t>(bmp_pixel_offset(header), file.size());
    const std::uint64_t room = end > begin ? (end - begin) / entry_bytes : 0;
    const std::uint64_t named = std::uint64_t{1} << std::min(header.bit_count, 8U);
    const std::uint64_t announced = header.colors_used != 0 ? header.colors_used : named;
    BmpPalette palette;
    for (std::size_t i = 0; i < std::min({room, named, announced}); ++i) {
        const auto entry = file.subspan(begin + i * entry_bytes, entry_bytes);
        palette[i] = {.blue = entry[0], .green = entry[1], .red = entry[2]};
    }
    return palette;
}

}  // namespace mapferry::inline v1
