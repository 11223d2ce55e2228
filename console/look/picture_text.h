// SPDX-License-Identifier: Apache-2.0
// Pixels as characters: a cell of the terminal shows two pixels, one above the other. All functions
// are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/screen.h"

namespace mapferry::cli {

enum class Colors : std::uint8_t {
    kTrue,   // U+2580, the upper half block, in two of 16.7 million colours
    k256,    // the same in the 256 colours of xterm
    kAscii,  // a character as bright as the two pixels
};

// The facts that a program can learn about the terminal behind its standard output.
struct TerminalHints {
    bool is_terminal = false;
    bool no_color = false;  // NO_COLOR is set and not empty
    std::string colorterm = {};
    std::string term = {};
};
[[nodiscard]] Colors colors_of(const TerminalHints& hints);

struct PixelSize {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

// Packed pixels of three bytes, red, green, blue; the top row first.
struct RgbPicture {
    PixelSize size = {};
    std::vector<std::uint8_t> rgb = {};
};

// The largest size with the picture's proportions that fits into `cells`. Pictures are never
// enlarged.
[[nodiscard]] PixelSize fit(const PixelSize& picture, const ScreenSize& cells);

// Each new pixel is the mean of the area that it covers. REQUIRES: rgb holds 3 * width * height
// bytes of `from`; no side of `to` is zero or larger than that of `from`.
[[nodiscard]] RgbPicture shrink(std::span<const std::byte> rgb, const PixelSize& from,
                                const PixelSize& to);

// One string for two rows of pixels, without a line end. After each string the terminal has its
// usual colours.
[[nodiscard]] std::vector<std::string> picture_lines(const RgbPicture& picture, Colors colors);

// "80x24" as columns and rows, each 1 to 10000.
[[nodiscard]] std::optional<ScreenSize> parse_cells(const std::string& text);

}  // namespace mapferry::cli
