// SPDX-License-Identifier: Apache-2.0
// An image's description in the form that the section holds.
#pragma once

#include <optional>
#include <span>

#include "format/layout.h"
#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// To and from the section. image_from_record() returns kCorrupt for a shape that contradicts itself
// (check_description), and an empty optional for "no image". Explicit planes are not in the record.
[[nodiscard]] layout::ImageRecord to_record(const std::optional<ImageDescription>& image);
[[nodiscard]] Result<std::optional<ImageDescription>> image_from_record(
    const layout::ImageRecord& record, std::span<const ImagePlane> planes = {});

// kCorrupt: a zero side, a stride under a row's bytes, other planes than the format's, a product
// past 63 bits.
[[nodiscard]] Result<void> check_description(const ImageDescription& image);

// Whether all rows of all planes lie within `bytes`; kUsage if not. Encoded images always fit.
// REQUIRES: the description has been checked.
[[nodiscard]] Result<void> check_image_fits(const ImageDescription& image, std::uint64_t bytes);

}  // namespace mapferry::inline v1
