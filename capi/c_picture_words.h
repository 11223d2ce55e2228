// SPDX-License-Identifier: Apache-2.0
// The options of calls that load, convert and save pictures.
#pragma once

#include <cstdint>
#include <optional>

#include "capi/c_options.h"
#include "mapferry/image_file.h"

namespace mapferry::capi {

// The options of black and white.
struct LevelWords {
    bool is_automatic = false;
    std::optional<double> black = {};
    std::optional<double> white = {};

    // The list refers to this object.
    [[nodiscard]] OptionList list();
};

// How a picture is saved. The lists refer to their object.
struct SaveWords {
    Overwrite overwrite = Overwrite::kRefuse;
    std::uint8_t quality = EncodeOptions{}.jpeg_quality;
    LevelWords levels = {};

    [[nodiscard]] OptionList list();
};

// How large a picture that is loaded may be.
struct LoadWords {
    ImageLimits limits = {};

    [[nodiscard]] OptionList list();
};

}  // namespace mapferry::capi
