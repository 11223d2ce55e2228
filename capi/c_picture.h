// SPDX-License-Identifier: Apache-2.0
// Converting and saving pixels, for images of the caller and for frames.
#pragma once

#include <cstddef>
#include <span>

#include "capi/c_description.h"
#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::capi {

// `to` says what the pixels become; its sides are those of `from`.
[[nodiscard]] Result<void> convert_pixels(const ImageView& from, ImageWords to,
                                          std::span<std::byte> target);

[[nodiscard]] Result<void> save_pixels(const ImageView& from, const char* path,
                                       const char* options);

}  // namespace mapferry::capi
