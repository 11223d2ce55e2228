// SPDX-License-Identifier: Apache-2.0
// How a viewer wants a stream's pictures.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace mapferry::cli {

enum class PictureEncoding : std::uint8_t { kJpeg, kPng };
enum class LevelsChoice : std::uint8_t {
    kFull,   // 0 and the largest value; floating-point numbers: the picture's own extremes
    kAuto,   // the picture's own extremes
    kGiven,  // black and white
};
enum class ColorMap : std::uint8_t {
    kGrey,
    kViridis,
    kInferno,
    kTurbo,
    kClipped,  // grey, with black in blue and white in red
};
enum class BayerShown : std::uint8_t { kDemosaiced, kRaw };

struct ViewSettings {
    PictureEncoding encoding = PictureEncoding::kJpeg;
    int jpeg_quality = 80;  // 1 to 100
    LevelsChoice levels = LevelsChoice::kFull;
    double black = 0;
    double white = 0;
    ColorMap map = ColorMap::kGrey;  // of pictures with one channel
    BayerShown bayer = BayerShown::kDemosaiced;
    std::uint64_t layer = 0;  // of an array of more than two dimensions

    friend bool operator==(const ViewSettings&, const ViewSettings&) = default;
};

// Takes one setting as the page writes it: "format" = "jpeg" or "png", "quality", "levels" =
// "full", "auto" or "100:4000", "map", "bayer" = "color" or "raw", "layer". False: there is no such
// setting or value, and nothing has changed.
[[nodiscard]] bool take_setting(std::string_view name, std::string_view value,
                                ViewSettings& settings);

}  // namespace mapferry::cli
