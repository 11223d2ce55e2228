// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/pixel_table.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::uint64_t kBytesMax = std::numeric_limits<std::int64_t>::max();

std::unexpected<Status> contradiction(const std::string& field, std::uint64_t value,
                                      const char* why) {
    return fail(Code::kCorrupt, "the image description is damaged: " + field + " is " +
                                    std::to_string(value) + ", " + why);
}

Result<void> check_fields(const ImageDescription& image) {
    if (image.width == 0) return contradiction("width", 0, "not a pixel wide");
    if (image.height == 0) return contradiction("height", 0, "not a pixel high");
    if (image.fourcc == 0) return contradiction("fourcc", 0, "no pixel format");
    if (image.orientation > Orientation::kBottomUp)
        return contradiction("orientation", std::to_underlying(image.orientation), "of at most 2");
    if (image.color.range > ColorRange::kFull)
        return contradiction("color.range", std::to_underlying(image.color.range), "of at most 2");
    if (image.color.chroma_site > ChromaSite::kBottom)
        return contradiction("color.chroma_site", std::to_underlying(image.color.chroma_site),
                             "of at most 6");
    return {};
}

// A reader computes addresses from width and pixel format. If the stride were checked against other
// bits than the format's, its rows could reach past the payload.
Result<void> check_format(const ImageDescription& image) {
    const PixelFormat* format = find_format(image.fourcc);
    if (format == nullptr) return {};
    if (format->bits_per_pixel != 0 && format->bits_per_pixel != image.bits_per_pixel)
        return contradiction("bits_per_pixel", image.bits_per_pixel, "not that of the format");
    if (format->pixels == Pixels::kEncoded && image.row_stride_bytes != 0)
        return contradiction("row_stride_bytes", image.row_stride_bytes, "of encoded pixels");
    if (format->pixels == Pixels::kRaw && image.row_stride_bytes == 0)
        return contradiction("row_stride_bytes", 0, "of raw pixels");
    if (format->pixels == Pixels::kRaw && image.bits_per_pixel == 0)
        return contradiction("bits_per_pixel", 0, "of raw pixels");
    return {};
}

// Nothing says how large they are, so any size that can be computed is fine.
Result<void> check_encoded(const ImageDescription& image) {
    if (image.plane_count != 0)
        return contradiction("plane_count", image.plane_count, "of encoded pixels");
    // The product of two numbers under 2^32 fits.
    const std::uint64_t row_bytes = divide_up(std::uint64_t{image.width} * image.bits_per_pixel, 8);
    const auto all_bytes = checked_multiply(row_bytes, image.height);
    if (!all_bytes || *all_bytes > kBytesMax)
        return contradiction("height", image.height, "too many bytes");
    return {};
}

// ---- planes ------------------------------------------------------------------------------------

Result<void> check_plane_count(const ImageDescription& image, const PixelFormat* format) {
    if (image.plane_count > kImagePlanesMax)
        return contradiction("plane_count", image.plane_count, "more than an image has");
    if (image.plane_count == 0) return {};
    if (format != nullptr && image.plane_count != format->plane_count)
        return contradiction("plane_count", image.plane_count, "not that of the format");
    if (image.planes[0].row_stride_bytes != image.row_stride_bytes)
        return contradiction("the first plane's stride", image.planes[0].row_stride_bytes,
                             "not the image's");
    return {};
}

// What only the sender understands: a reader gets the offsets within the bytes, and no rows.
Result<ImagePlanes> unknown_planes(const ImageDescription& image) {
    ImagePlanes result{.count = image.plane_count};
    for (std::uint32_t i = 0; i < image.plane_count; ++i) {
        const ImagePlane& plane = image.planes[i];
        if (plane.offset_bytes > kBytesMax || plane.row_stride_bytes > kBytesMax)
            return contradiction("plane " + std::to_string(i) + "'s offset or stride",
                                 std::max(plane.offset_bytes, plane.row_stride_bytes),
                                 "too many bytes");
        result.planes[i] = {.offset_bytes = plane.offset_bytes,
                            .row_stride_bytes = plane.row_stride_bytes};
        result.image_bytes = std::max(result.image_bytes, plane.offset_bytes);
    }
    return result;
}

// A plane without padding has as many units as the first one, divided by the subsampling.
std::optional<std::uint64_t> usual_stride(std::uint64_t first_stride, const PlaneFormat& first,
                                          const PlaneFormat& plane) {
    const std::uint64_t samples = divide_up(first_stride, first.bits / 8u);
    return checked_multiply(divide_up(samples, plane.columns), plane.bits / 8u);
}

// Where the plane's last row ends; nothing if that is past 63 bits.
std::optional<std::uint64_t> end_of(const PlaneShape& plane, std::uint64_t last_row_bytes) {
    if (plane.row_stride_bytes > kBytesMax) return std::nullopt;
    const auto rows = checked_multiply(plane.row_stride_bytes, plane.rows - 1);
    const auto begin = rows ? checked_add(plane.offset_bytes, *rows) : std::nullopt;
    const auto end = begin ? checked_add(*begin, last_row_bytes) : std::nullopt;
    return end && *end <= kBytesMax ? end : std::nullopt;
}

Result<ImagePlanes> known_planes(const ImageDescription& image, const PixelFormat& format) {
    const bool is_explicit = image.plane_count != 0;
    ImagePlanes result{.count = format.plane_count};
    for (std::uint32_t i = 0; i < format.plane_count; ++i) {
        const PlaneFormat& plane = format.planes[i];
        const std::uint64_t bits = plane.bits == 0 ? image.bits_per_pixel : plane.bits;
        PlaneShape& shape = result.planes[i];
        // The product of two numbers under 2^32 fits.
        shape.row_bytes = divide_up(divide_up(image.width, plane.columns) * bits, 8);
        shape.rows = static_cast<std::uint32_t>(divide_up(image.height, plane.rows));
        shape.offset_bytes = is_explicit ? image.planes[i].offset_bytes : result.image_bytes;
        auto stride = is_explicit ? image.planes[i].row_stride_bytes
                      : i == 0    ? image.row_stride_bytes
                                  : usual_stride(image.row_stride_bytes, format.planes[0], plane);
        if (stride && *stride < shape.row_bytes)
            return contradiction(
                i == 0 ? "row_stride_bytes" : "row_stride_bytes of plane " + std::to_string(i),
                *stride, "less than a row has");
        shape.row_stride_bytes = stride.value_or(0);
        const auto end =
            stride ? end_of(shape, is_explicit ? shape.row_bytes : *stride) : std::nullopt;
        if (!end) return contradiction("height", image.height, "too many bytes");
        result.image_bytes = std::max(result.image_bytes, *end);
    }
    return result;
}

Result<ImagePlanes> layout_planes(const ImageDescription& image) {
    const PixelFormat* format = find_format(image.fourcc);
    TRY(check_plane_count(image, format));
    if (format != nullptr) return known_planes(image, *format);
    if (image.plane_count > 1) return unknown_planes(image);
    return known_planes(image, {.plane_count = 1});  // rows of bits_per_pixel
}

}  // namespace

Result<void> check_description(const ImageDescription& image) {
    TRY(check_fields(image));
    TRY(check_format(image));
    if (image.row_stride_bytes == 0) return check_encoded(image);
    TRY(layout_planes(image));
    return {};
}

Result<ImagePlanes> planes_of(const ImageDescription& image) {
    return guarded([&]() -> Result<ImagePlanes> {
        TRY(check_image(image));
        if (image.row_stride_bytes == 0)
            return fail(Code::kUsage, to_string(image) + " are no raw pixels",
                        "decode the picture file first");
        return layout_planes(image);
    });
}

Result<void> check_image_fits(const ImageDescription& image, std::uint64_t bytes) {
    if (image.row_stride_bytes == 0) return {};
    const auto planes = layout_planes(image);
    if (!planes) return blame(Code::kUsage, planes.error());
    if (planes->image_bytes <= bytes) return {};
    return fail(Code::kUsage, "an image of " + std::to_string(planes->image_bytes) +
                                  " bytes is larger than its frame of " + std::to_string(bytes));
}

}  // namespace mapferry::inline v1
