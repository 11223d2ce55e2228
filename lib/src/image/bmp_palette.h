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

// Entries that the file lacks are black.
using BmpPalette = std::array<Bgra, 256>;

// As many colours as the bits can name and there is room for before the pixels: some programs cut
// palettes short, others make them larger.
[[nodiscard]] BmpPalette read_bmp_palette(std::span<const std::byte> file, const BmpHeader& header);

}  // namespace mapferry::inline v1
