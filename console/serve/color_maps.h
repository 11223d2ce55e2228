// SPDX-License-Identifier: Apache-2.0
// Colours in the place of greys.
#pragma once

#include <array>
#include <cstdint>

#include "console/serve/view_settings.h"

namespace mapferry::cli {

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    friend bool operator==(const Rgb&, const Rgb&) = default;
};
using ColorTable = std::array<Rgb, 256>;

// The colour of each grey. viridis and inferno are near those of Matplotlib, turbo is near that of
// Google: each is a polynomial.
[[nodiscard]] const ColorTable& color_table(ColorMap map);

}  // namespace mapferry::cli
