// SPDX-License-Identifier: Apache-2.0
// The colours of a bitmap with a palette.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "image/bmp_header.h"

namespace mapferry::inline v1 {

struct Bgra {
    std::byte blue{};
    std::byte green{};
    std::byte red{};
    std::byte alpha{255};
};

// Entries that are missing in the file are black.
using BmpPalette = std::array<Bgra, 256>;

// Reads as many colours as the bits can name and as fit before the pixels: some programs cut
// palettes short, others make them larger.
[[nodiscard]] BmpPalette read_bmp_palette(std::span<const std::byte> file, const BmpHeader& header);

}  // namespace mapferry::inline v1
