// SPDX-License-Identifier: Apache-2.0
// --levels: which samples of more than 8 bits become black and white.
#pragma once

#include <optional>
#include <string_view>

#include "mapferry/image_convert.h"
#include "mapferry/status.h"

namespace mapferry::cli {

struct PictureLevels {
    std::optional<SampleLevels> given = {};
    bool is_auto = false;  // each picture's own darkest and brightest sample
};

// "100:4000" or "auto". Empty: neither.
[[nodiscard]] std::optional<PictureLevels> parse_levels(std::string_view text);

// kUsage: the picture's pixels can't be converted.
[[nodiscard]] Result<ConvertOptions> convert_options(const PictureLevels& levels,
                                                     const ImageView& picture);

}  // namespace mapferry::cli
