// SPDX-License-Identifier: Apache-2.0
// The picture that mapferry-make-bmp renders: hills, mist and a sun. Integer arithmetic only, so
// that it is the same on every machine.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

// ---- integer arithmetic for pictures -----------------------------------------------------------

struct Color {
    int red = 0;
    int green = 0;
    int blue = 0;
};

// `amount` of 256 parts of `b`.
inline Color mix(Color a, Color b, int amount) {
    const auto one = [amount](int from, int to) { return from + (to - from) * amount / 256; };
    return {one(a.red, b.red), one(a.green, b.green), one(a.blue, b.blue)};
}

inline Color brighten(Color color, int by) {
    const auto one = [by](int value) { return std::clamp(value + by, 0, 255); };
    return {one(color.red), one(color.green), one(color.blue)};
}

// -1024 to 1024 over a period of 65536: two parabolas, close enough to a sine for a hill.
inline int wave(std::int64_t phase) {
    const auto t = static_cast<int>(phase & 0x7FFF);
    const int half = static_cast<int>(std::int64_t{t} * (0x8000 - t) / (1 << 18));
    return (phase & 0x8000) != 0 ? -half : half;
}

// 0 to 65535 out of a lattice point; multiplier and shifts as in "lowbias32" by Chris Wellons.
inline int scatter(int x, int y) {
    auto bits = static_cast<std::uint32_t>(x) * 0x9E3779B1u ^ static_cast<std::uint32_t>(y);
    bits = (bits ^ bits >> 16) * 0x7FEB352Du;
    bits = (bits ^ bits >> 15) * 0x846CA68Bu;
    return static_cast<int>((bits ^ bits >> 16) & 0xFFFF);
}

// 0 to 255, smooth between lattice points that are `cell` apart.
inline int noise(int x, int y, int cell) {
    const int column = x / cell;
    const int row = y / cell;
    const int across = x % cell * 256 / cell;
    const int down = y % cell * 256 / cell;
    const auto at = [](int i, int j) { return scatter(i, j) >> 8; };
    const auto blend = [](int a, int b, int amount) { return a + (b - a) * amount / 256; };
    return blend(blend(at(column, row), at(column + 1, row), across),
                 blend(at(column, row + 1), at(column + 1, row + 1), across), down);
}

// ---- the picture -------------------------------------------------------------------------------
// The canvas is kUnits high whatever the size in pixels, so that every size shows the same scene.

inline constexpr int kUnits = 16384;

struct Hills {
    int base = 0;       // of the ridge, in units below the top
    int amplitude = 0;  // units
    int stretch = 0;    // phase per unit
    int roughness = 0;  // units
    int tree_cell = 0;  // width of a tree, 0 = none
    Color color;
};

inline constexpr std::array<Hills, 5> kHills = {{
    {8900, 1000, 5, 700, 0, {151, 128, 163}},
    {10100, 800, 4, 260, 0, {112, 104, 148}},
    {11300, 700, 7, 120, 90, {72, 86, 116}},
    {12800, 650, 5, 60, 190, {40, 66, 78}},
    {14900, 800, 3, 40, 430, {16, 32, 38}},
}};

class Landscape {
  public:
    Landscape(int width, int height) : width_(width), height_(height) {
        for (std::size_t layer = 0; layer < kHills.size(); ++layer) {
            ridges_[layer].reserve(static_cast<std::size_t>(width));
            for (int x = 0; x < width; ++x)
                ridges_[layer].push_back(ridge_at(static_cast<int>(layer), to_units(x)));
        }
    }

    [[nodiscard]] Color color_at(int x, int y) const {
        const int grain = (scatter(x, y + 77'777) & 7) - 3;
        for (std::size_t layer = kHills.size(); layer-- > 0;) {
            const int depth = to_units(y) - ridges_[layer][static_cast<std::size_t>(x)];
            if (depth >= 0) return brighten(slope(kHills[layer], depth, x, y), grain);
        }
        return brighten(sky(to_units(x), to_units(y)), grain / 2);
    }

  private:
    [[nodiscard]] int to_units(int pixel) const {
        return static_cast<int>(std::int64_t{pixel} * kUnits / height_);
    }

    static int ridge_at(int layer, int x) {
        const Hills& hills = kHills[static_cast<std::size_t>(layer)];
        const std::int64_t phase = std::int64_t{x} * hills.stretch + std::int64_t{layer} * 23'456;
        const int swell = wave(phase) * 4 + wave(phase * 3 + 9'000) * 2 + wave(phase * 7);
        const int rough = noise(x, layer * 1'000, 700) + noise(x, layer * 1'000 + 500, 150) / 3;
        return hills.base - swell * hills.amplitude / (7 * 1024) - rough * hills.roughness / 256 -
               tree_at(hills.tree_cell, layer, x);
    }

    // Spruces: each a triangle of its own height, with a ragged outline.
    static int tree_at(int cell, int layer, int x) {
        if (cell == 0) return 0;
        const int dice = scatter(x / cell, layer * 4'321);
        const int middle = cell / 2 + dice % (cell / 3) - cell / 6;
        const int tall = cell + (dice >> 8) * cell / 128;
        const int aside = std::abs(x % cell - middle);
        const int ragged = scatter(x / 12, layer) % (cell / 5 + 1);
        return std::max(0, tall - aside * 5) + ragged;
    }

    // Dark at the ridge, mist in the valley, a coarse grain of leaves nearer to the eye.
    [[nodiscard]] Color slope(const Hills& hills, int depth, int x, int y) const {
        constexpr Color kMist = {226, 178, 160};
        const int far =
            (kUnits - hills.base) / 64;  // 116 for the farthest hills, 23 for the nearest
        const Color misty =
            mix(hills.color, kMist, std::min(far, 120) * std::min(depth, 2'000) / 2'400);
        const int leaves = noise(to_units(x), to_units(y) * 2, 60) - 128;
        return brighten(misty, hills.tree_cell == 0 ? leaves / 24 : leaves / 10);
    }

    [[nodiscard]] Color sky(int x, int y) const {
        const Color clear = clear_sky(y);
        const int drift =
            noise(x + y, y * 6, 3'000) * 4 + noise(x + y, y * 6, 1'100) * 2 + noise(x, y * 5, 400);
        const int cover = std::clamp(drift / 5 - 190, 0, 150);
        return sun(mix(clear, {255, 205, 178}, cover), x, y);
    }

    static Color clear_sky(int y) {
        constexpr Color kTop = {34, 48, 104};
        constexpr Color kMiddle = {146, 116, 160};
        constexpr Color kHorizon = {255, 178, 112};
        constexpr int kHalf = 5'200;
        if (y < kHalf) return mix(kTop, kMiddle, y * 256 / kHalf);
        return mix(kMiddle, kHorizon, std::min(256, (y - kHalf) * 256 / kHalf));
    }

    // A disc with a soft edge inside a glow that fades with the square of the distance.
    [[nodiscard]] Color sun(Color behind, int x, int y) const {
        constexpr std::int64_t kGlow = 2'300;
        constexpr std::int64_t kRadius = 1'050;
        const std::int64_t across = x - std::int64_t{to_units(width_)} * 5 / 8;
        const std::int64_t down = y - 7'000;
        const std::int64_t distance2 = across * across + down * down;
        const auto glow = static_cast<int>(230 * kGlow * kGlow / (kGlow * kGlow + distance2));
        const std::int64_t edge = (kRadius * kRadius - distance2) / 400;
        const Color lit = mix(behind, {255, 214, 140}, glow);
        return mix(lit, {255, 246, 218}, static_cast<int>(std::clamp<std::int64_t>(edge, 0, 256)));
    }

    int width_;
    int height_;
    std::array<std::vector<int>, kHills.size()> ridges_;
};
