// SPDX-License-Identifier: Apache-2.0
#include "cli/picture_levels.h"

#include <cmath>
#include <string>
#include <utility>

#include "mapferry/detail/number_text.h"

namespace mapferry::cli {

std::optional<PictureLevels> parse_levels(std::string_view text) {
    if (text == "auto") return PictureLevels{.is_auto = true};
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto black = whole_number<double>(text.substr(0, colon));
    const auto white = whole_number<double>(text.substr(colon + 1));
    if (!black || !white || *black == *white) return std::nullopt;
    if (!std::isfinite(*black) || !std::isfinite(*white)) return std::nullopt;
    return PictureLevels{.given = SampleLevels{.black = *black, .white = *white}};
}

Result<ConvertOptions> convert_options(const PictureLevels& levels, const ImageView& picture) {
    if (!levels.is_auto) return ConvertOptions{.levels = levels.given};
    auto found = sample_levels(picture);
    if (!found) return std::unexpected(std::move(found).error());
    return ConvertOptions{.levels = *found};
}

}  // namespace mapferry::cli
