// SPDX-License-Identifier: Apache-2.0
#include "console/look/picture_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace mapferry::cli {

namespace {

constexpr const char* kUpperHalf = "\xE2\x96\x80";  // U+2580
constexpr const char* kUsualColors = "\x1b[0m";
// From dark to bright, for light characters on a dark background.
constexpr std::string_view kRamp = " .:-=+*#%@";
constexpr int kCellsMax = 10'000;

struct Pixel {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

// Empty: the row is below the picture's last one.
std::optional<Pixel> pixel_at(const RgbPicture& picture, std::uint32_t x, std::uint32_t y) {
    if (y >= picture.size.height) return std::nullopt;
    const std::size_t at = (std::size_t{y} * picture.size.width + x) * 3;
    return Pixel{picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]};
}

int luma(const Pixel& pixel) {
    return (299 * pixel.red + 587 * pixel.green + 114 * pixel.blue) / 1000;
}

int color_distance(const Pixel& a, const Pixel& b) {
    const auto square = [](int x) { return x * x; };
    return square(a.red - b.red) + square(a.green - b.green) + square(a.blue - b.blue);
}

// The nearest of xterm's colours 16 to 255: a cube of 6 steps, and 24 greys.
int xterm_color(const Pixel& pixel) {
    constexpr std::array<int, 6> kSteps = {0, 95, 135, 175, 215, 255};
    const auto step = [&](int value) {
        const auto nearest = std::ranges::min_element(
            kSteps, {}, [value](int candidate) { return std::abs(candidate - value); });
        return static_cast<int>(nearest - kSteps.begin());
    };
    const auto level = [&](int index) {
        return static_cast<std::uint8_t>(kSteps[static_cast<std::size_t>(index)]);
    };
    const int red = step(pixel.red);
    const int green = step(pixel.green);
    const int blue = step(pixel.blue);
    const Pixel cube{level(red), level(green), level(blue)};
    const int grey_index = std::clamp((luma(pixel) - 3) / 10, 0, 23);
    const auto grey = static_cast<std::uint8_t>(8 + 10 * grey_index);
    if (color_distance(pixel, {grey, grey, grey}) < color_distance(pixel, cube))
        return 232 + grey_index;
    return 16 + 36 * red + 6 * green + blue;
}

// "38;2;255;0;0": the numbers of the escape sequence for a colour. `base`: 38 for the foreground,
// 48 for the background.
std::string color_code(int base, const std::optional<Pixel>& pixel, Colors colors) {
    if (!pixel) return std::to_string(base + 1);  // the terminal's default colour
    if (colors == Colors::k256) return fmt::format("{};5;{}", base, xterm_color(*pixel));
    return fmt::format("{};2;{};{};{}", base, pixel->red, pixel->green, pixel->blue);
}

std::string block_line(const RgbPicture& picture, std::uint32_t y, Colors colors) {
    std::string line;
    std::string shown;  // the terminal's colours at this point of the line
    for (std::uint32_t x = 0; x < picture.size.width; ++x) {
        const std::string wanted = color_code(38, pixel_at(picture, x, y), colors) + ";" +
                                   color_code(48, pixel_at(picture, x, y + 1), colors);
        if (wanted != shown) line += "\x1b[" + wanted + "m";
        line += kUpperHalf;
        shown = wanted;
    }
    return line + kUsualColors;
}

std::string ascii_line(const RgbPicture& picture, std::uint32_t y) {
    std::string line;
    for (std::uint32_t x = 0; x < picture.size.width; ++x) {
        const int upper = luma(*pixel_at(picture, x, y));
        const auto lower = pixel_at(picture, x, y + 1);
        const int mean = lower ? (upper + luma(*lower)) / 2 : upper;
        line += kRamp[static_cast<std::size_t>(mean) * kRamp.size() / 256];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

// How the area of an old pixel is divided: the part `here` goes into the new pixel `index`, and the
// part `behind` into the next new pixel.
struct Share {
    std::size_t index = 0;
    float here = 0;
    float behind = 0;
};

std::vector<Share> shares_of(std::uint32_t from, std::uint32_t to) {
    std::vector<Share> shares(from);
    for (std::uint64_t i = 0; i < from; ++i) {
        // In units of 1 / (from * to), so that nothing is rounded before the end.
        const std::uint64_t begin = i * to;
        const std::uint64_t index = begin / from;
        const std::uint64_t here = std::min((index + 1) * from - begin, std::uint64_t{to});
        shares[static_cast<std::size_t>(i)] = {
            .index = static_cast<std::size_t>(index),
            .here = static_cast<float>(here) / static_cast<float>(from),
            .behind = static_cast<float>(to - here) / static_cast<float>(from)};
    }
    return shares;
}

void add_row(std::vector<float>& sums, std::size_t row, float share,
             const std::vector<float>& values) {
    if (share == 0) return;
    float* const target = sums.data() + row * values.size();
    for (std::size_t i = 0; i < values.size(); ++i)
        target[i] += values[i] * share;
}

}  // namespace

Colors colors_of(const TerminalHints& hints) {
    const auto says = [](const std::string& text, const char* word) {
        return text.find(word) != std::string::npos;
    };
    if (!hints.is_terminal || hints.no_color || hints.term.empty() || hints.term == "dumb")
        return Colors::kAscii;
    if (hints.colorterm == "truecolor" || hints.colorterm == "24bit" || says(hints.term, "direct"))
        return Colors::kTrue;
    return says(hints.term, "256color") ? Colors::k256 : Colors::kAscii;
}

PixelSize fit(const PixelSize& picture, const ScreenSize& cells) {
    const double room_width = std::max(cells.columns, 1);
    const double room_height = 2.0 * std::max(cells.rows, 1);
    const double scale = std::min({1.0, room_width / picture.width, room_height / picture.height});
    const auto side = [scale](std::uint32_t pixels, double room) {
        return static_cast<std::uint32_t>(std::clamp(std::round(pixels * scale), 1.0, room));
    };
    return {.width = side(picture.width, room_width), .height = side(picture.height, room_height)};
}

RgbPicture shrink(std::span<const std::byte> rgb, const PixelSize& from, const PixelSize& to) {
    const std::vector<Share> columns = shares_of(from.width, to.width);
    const std::vector<Share> rows = shares_of(from.height, to.height);
    // One extra pixel: the last pixel's part `behind` is zero, but the loop adds it, too.
    std::vector<float> narrow((std::size_t{to.width} + 1) * 3);
    std::vector<float> sums(narrow.size() * (std::size_t{to.height} + 1));
    const std::byte* source = rgb.data();
    for (const Share& row : rows) {
        std::ranges::fill(narrow, 0.0F);
        for (const Share& column : columns) {
            float* const target = narrow.data() + column.index * 3;
            for (std::size_t i = 0; i < 3; ++i) {
                const auto value = static_cast<float>(*source++);
                target[i] += value * column.here;
                target[i + 3] += value * column.behind;
            }
        }
        add_row(sums, row.index, row.here, narrow);
        add_row(sums, row.index + 1, row.behind, narrow);
    }
    RgbPicture picture{.size = to};
    picture.rgb.reserve(std::size_t{to.width} * to.height * 3);
    for (std::size_t y = 0; y < to.height; ++y)
        for (std::size_t i = 0; i < std::size_t{to.width} * 3; ++i)
            picture.rgb.push_back(
                static_cast<std::uint8_t>(std::min(sums[y * narrow.size() + i] + 0.5F, 255.0F)));
    return picture;
}

std::vector<std::string> picture_lines(const RgbPicture& picture, Colors colors) {
    std::vector<std::string> lines;
    for (std::uint32_t y = 0; y < picture.size.height; y += 2)
        lines.push_back(colors == Colors::kAscii ? ascii_line(picture, y)
                                                 : block_line(picture, y, colors));
    return lines;
}

std::optional<ScreenSize> parse_cells(const std::string& text) {
    ScreenSize cells;
    const char* const end = text.data() + text.size();
    const auto columns = std::from_chars(text.data(), end, cells.columns);
    if (columns.ec != std::errc() || columns.ptr == end || *columns.ptr != 'x') return std::nullopt;
    const auto rows = std::from_chars(columns.ptr + 1, end, cells.rows);
    if (rows.ec != std::errc() || rows.ptr != end) return std::nullopt;
    const auto is_side = [](int side) { return side >= 1 && side <= kCellsMax; };
    if (!is_side(cells.columns) || !is_side(cells.rows)) return std::nullopt;
    return cells;
}

}  // namespace mapferry::cli
