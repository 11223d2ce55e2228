// SPDX-License-Identifier: Apache-2.0
#include "console/serve/view_settings.h"

#include <array>
#include <optional>
#include <utility>

#include "cli/picture_levels.h"
#include "mapferry/detail/number_text.h"

namespace mapferry::cli {

namespace {

template <typename Value, std::size_t kCount>
bool take_word(std::string_view word,
               const std::array<std::pair<std::string_view, Value>, kCount>& words, Value& value) {
    for (const auto& [known, meaning] : words) {
        if (known != word) continue;
        value = meaning;
        return true;
    }
    return false;
}

template <typename Number>
bool set_number(std::string_view text, Number least, Number most, Number& value) {
    const auto number = whole_number<Number>(text);
    if (!number || *number < least || *number > most) return false;
    value = *number;
    return true;
}

constexpr std::array kEncodings = {
    std::pair<std::string_view, PictureEncoding>{"jpeg", PictureEncoding::kJpeg},
    std::pair<std::string_view, PictureEncoding>{"png", PictureEncoding::kPng},
};
constexpr std::array kMaps = {
    std::pair<std::string_view, ColorMap>{"grey", ColorMap::kGrey},
    std::pair<std::string_view, ColorMap>{"viridis", ColorMap::kViridis},
    std::pair<std::string_view, ColorMap>{"inferno", ColorMap::kInferno},
    std::pair<std::string_view, ColorMap>{"turbo", ColorMap::kTurbo},
    std::pair<std::string_view, ColorMap>{"clipped", ColorMap::kClipped},
};
constexpr std::array kBayer = {
    std::pair<std::string_view, BayerShown>{"color", BayerShown::kDemosaiced},
    std::pair<std::string_view, BayerShown>{"raw", BayerShown::kRaw},
};

bool take_levels(std::string_view text, ViewSettings& settings) {
    if (text == "full") {
        settings.levels = LevelsChoice::kFull;
        return true;
    }
    const auto levels = parse_levels(text);
    if (!levels) return false;
    settings.levels = levels->is_auto ? LevelsChoice::kAuto : LevelsChoice::kGiven;
    if (levels->given) {
        settings.black = levels->given->black;
        settings.white = levels->given->white;
    }
    return true;
}

}  // namespace

bool take_setting(std::string_view name, std::string_view value, ViewSettings& settings) {
    if (name == "format") return take_word(value, kEncodings, settings.encoding);
    if (name == "quality") return set_number(value, 1, 100, settings.jpeg_quality);
    if (name == "levels") return take_levels(value, settings);
    if (name == "map") return take_word(value, kMaps, settings.map);
    if (name == "bayer") return take_word(value, kBayer, settings.bayer);
    if (name == "layer")
        return set_number(value, std::uint64_t{0}, ~std::uint64_t{0}, settings.layer);
    return false;
}

}  // namespace mapferry::cli
