// SPDX-License-Identifier: Apache-2.0
/// \file
/// Converts raw pixels from one format to another.
///
///     mapferry::Result<mapferry::Image> to_grey(const mapferry::ImageDescription& image,
///                                               std::span<const std::byte> bytes) {
///         auto view = mapferry::ImageView::make(image, bytes);
///         if (!view) return std::unexpected(view.error());
///         return mapferry::convert_image(*view, mapferry::kFourccGray8);
///     }
#pragma once

#include <cstdint>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// True for BGR24, RGB24, BGRX32, BGRA32, RGBX32, RGBA32, RGB48, RGBA64, GRAY8, GRAY16, RGB555,
/// RGB565 and YUYV.
[[nodiscard]] bool can_convert_from(std::uint32_t fourcc);
/// True for the same formats except RGB555, RGB565 and YUYV.
[[nodiscard]] bool can_convert_to(std::uint32_t fourcc);

/// Returns the same picture in another format, packed and top-down. Alpha is dropped if the new
/// format has none, and opaque if the old one had none. Grey is 0.299 R + 0.587 G + 0.114 B. 16
/// bits a sample stay 16 if the new format has them; otherwise they are rounded to 8. Samples of 5
/// and 6 bits are scaled exactly. YUYV is taken as BT.601 with video levels, as cameras send it.
/// kUsage: can_convert_from() or can_convert_to() is false; kOutOfMemory.
[[nodiscard]] Result<Image> convert_image(const ImageView& from, std::uint32_t to_fourcc);

/// As convert_image(), but writes into the caller's bytes, for example a frame's loan or a window.
/// `to` has the sides of `from`, and any stride and orientation; padding stays unchanged. The bytes
/// of `from` and `to_bytes` may not overlap. kUsage also: the sides differ, or the rows do not lie
/// within `to_bytes`.
[[nodiscard]] Result<void> convert_image_into(const ImageView& from, const ImageDescription& to,
                                              std::span<std::byte> to_bytes);

}  // namespace mapferry::inline v1
