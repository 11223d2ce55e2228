// SPDX-License-Identifier: Apache-2.0
#include "cli/picture_levels.h"

#include <charconv>
#include <string>
#include <utility>

namespace mapferry::cli {

namespace {

std::optional<double> number_of(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<PictureLevels> parse_levels(std::string_view text) {
    if (text == "auto") return PictureLevels{.is_auto = true};
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto black = number_of(std::string(text.substr(0, colon)));
    const auto white = number_of(std::string(text.substr(colon + 1)));
    if (!black || !white || *black == *white) return std::nullopt;
    return PictureLevels{.given = SampleLevels{.black = *black, .white = *white}};
}

Result<ConvertOptions> convert_options(const PictureLevels& levels, const ImageView& picture) {
    if (!levels.is_auto) return ConvertOptions{.levels = levels.given};
    auto found = sample_levels(picture);
    if (!found) return std::unexpected(std::move(found).error());
    return ConvertOptions{.levels = *found};
}

}  // namespace mapferry::cli
