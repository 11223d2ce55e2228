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
#include <optional>
#include <span>

#include "mapferry/image_view.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// True for every raw format except palettes and bitmaps with odd masks: RGB, grey, YUV and Bayer
/// patterns of pixel_format.h.
[[nodiscard]] bool can_convert_from(std::uint32_t fourcc);
/// True for RGB with 8 or 16 bits a sample, GRAY8, GRAY16, and YUV with 8 bits a sample.
[[nodiscard]] bool can_convert_to(std::uint32_t fourcc);

/// Two values of a sample, in the units of the format: 0 to 1023 for GRAY10.
struct SampleLevels {
    double black = 0;
    double white = 0;  ///< less than black: a negative
};

/// How pixels are converted.
struct ConvertOptions {
    /// For RGB, grey and Bayer patterns with more than 8 bits a sample, and for floating-point
    /// numbers: what becomes black and white. Values outside are cut. Empty: 0 and the largest
    /// value (of floating-point numbers: 1).
    std::optional<SampleLevels> levels = {};
};

/// Returns the smallest and the largest sample without alpha, for ConvertOptions::levels: a picture
/// of few of its values becomes one with contrast. Empty: levels do not apply to this format, or
/// all samples are the same. kUsage: can_convert_from() is false.
[[nodiscard]] Result<std::optional<SampleLevels>> sample_levels(const ImageView& image);

/// Returns the same picture in another format, packed and top-down.
///
/// - Alpha is dropped if the new format has none, and opaque if the old one had none.
/// - Grey is 0.299 R + 0.587 G + 0.114 B, and of YUV it is Y.
/// - 16 bits a sample stay 16 if the new format has them; otherwise they are rounded to 8. Samples
///   of 5 and 6 bits are scaled exactly.
/// - YUV becomes RGB by the matrix and the range of ImageColor. An unspecified matrix is that of
///   BT.601 and an unknown range is limited, at all sizes, as cameras send it. Pixels that share U
///   and V have the same colour; on the way back, U and V are the mean of their pixels. YUV stays
///   YUV without this way if matrix and range stay the same.
/// - RGB and grey become YUV by BT.601 with limited range.
/// - Bayer patterns are interpolated bilinearly, and mirrored at the edges.
///
/// kUsage: can_convert_from() or can_convert_to() is false; the matrix is none of BT.601, BT.709,
/// BT.2020, FCC and SMPTE 240M; the levels are the same. kOutOfMemory.
[[nodiscard]] Result<Image> convert_image(const ImageView& from, std::uint32_t to_fourcc,
                                          const ConvertOptions& options = {});

/// As convert_image(), but writes into the caller's bytes, for example a frame's loan or a window.
/// `to` has the sides of `from`, and any strides, planes, orientation, matrix and range; a matrix
/// and a range that it leaves open are those of `from`. Padding stays unchanged. The bytes of
/// `from` and `to_bytes` may not overlap. kUsage also: the sides differ, or the rows do not lie
/// within `to_bytes`.
[[nodiscard]] Result<void> convert_image_into(const ImageView& from, const ImageDescription& to,
                                              std::span<std::byte> to_bytes,
                                              const ConvertOptions& options = {});

}  // namespace mapferry::inline v1
