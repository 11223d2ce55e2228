// SPDX-License-Identifier: Apache-2.0
/// \file
/// Raw pixels from one format to another.
///
///     mapferry::Result<mapferry::Image> to_grey(const mapferry::ImageDescription& image,
///                                               std::span<const std::byte> bytes) {
///         auto view = mapferry::ImageView::make(image, bytes);
///         if (!view) return mapferry::pass(view.error());
///         return mapferry::convert(*view, mapferry::kFourccGray8);
///     }
#pragma once

#include <cstdint>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// BGR24, RGB24, BGRX32, BGRA32, RGBX32, RGBA32, RGB48, RGBA64, GRAY8, GRAY16, RGB555, RGB565 and
/// YUYV can be converted from.
[[nodiscard]] bool can_convert_from(std::uint32_t fourcc);
/// All of them but RGB555, RGB565 and YUYV can be converted to.
[[nodiscard]] bool can_convert_to(std::uint32_t fourcc);

/// The same picture in another format, packed and top-down. Alpha is dropped where the new format
/// has none, and opaque where the old one had none; grey is 0.299 R + 0.587 G + 0.114 B; 16 bits a
/// sample stay 16 where the new format has them, and are rounded to 8 elsewhere; samples of 5 and 6
/// bits are scaled exactly; YUYV is taken as BT.601 with video levels, as cameras send it. kUsage:
/// one of the formats is none of those above; kOutOfMemory.
[[nodiscard]] Result<Image> convert(const ImageView& from, std::uint32_t to_fourcc);

/// The same into bytes of the caller's: a frame's loan, a window. `to` has the sides of `from`, and
/// any stride and orientation; padding is left alone. kUsage also when the sides differ or the rows
/// don't lie within the bytes. The two may not overlap.
[[nodiscard]] Result<void> convert_into(const ImageView& from, const ImageDescription& to,
                                        std::span<std::byte> to_bytes);

}  // namespace mapferry::inline v1
