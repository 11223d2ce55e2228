// SPDX-License-Identifier: Apache-2.0
// From raw pixels of any format to those that a browser shows: 8 bits, grey or RGB.
#pragma once

#include <optional>

#include "console/serve/view_settings.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// GRAY8 or RGB24, packed and top-down.
struct RenderedPicture {
    Image pixels;
    std::optional<SampleLevels> levels = {};  // what became black and white; empty: 0 and the most
};

// kUsage: the format can't be converted; the levels are the same.
[[nodiscard]] Result<RenderedPicture> render_picture(const ImageView& image,
                                                     const ViewSettings& settings);

// Whether the settings leave a picture of this format as it is, up to its conversion to RGB.
[[nodiscard]] bool shows_as_it_is(std::uint32_t fourcc, const ViewSettings& settings);

}  // namespace mapferry::cli
