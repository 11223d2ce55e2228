// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"
#include "format/pixel_table.h"
#include "mapferry/printable_text.h"

namespace mapferry::inline v1 {

namespace {

static_assert(std::to_underlying(Orientation::kTopDown) == layout::kOrientationTopDown &&
              std::to_underlying(Orientation::kBottomUp) == layout::kOrientationBottomUp);

bool is_no_image(const layout::ImageRecord& record) {
    return record.width == 0 && record.height == 0 && record.row_stride_bytes == 0 &&
           record.fourcc == 0 && record.bits_per_pixel == 0 && record.orientation == 0 &&
           record.color == 0;
}

// ---- colour ------------------------------------------------------------------------------------

std::uint32_t color_bits(const ImageColor& color) {
    const auto code = [](std::uint8_t value) { return value ^ layout::kColorUnspecified; };
    return code(color.primaries) | code(color.transfer) << layout::kColorTransferShift |
           code(color.matrix) << layout::kColorMatrixShift |
           static_cast<std::uint32_t>(color.range) << layout::kColorRangeShift |
           static_cast<std::uint32_t>(color.chroma_site) << layout::kColorSiteShift;
}

ImageColor color_of(std::uint32_t bits) {
    const auto code = [&](std::uint32_t shift) {
        return static_cast<std::uint8_t>((bits >> shift & 0xFF) ^ layout::kColorUnspecified);
    };
    return {.primaries = code(0),
            .transfer = code(layout::kColorTransferShift),
            .matrix = code(layout::kColorMatrixShift),
            .range = static_cast<ColorRange>(bits >> layout::kColorRangeShift & 3),
            .chroma_site = static_cast<ChromaSite>(bits >> layout::kColorSiteShift & 7)};
}

}  // namespace

Result<ImageDescription> describe_raw_image(std::uint32_t width, std::uint32_t height,
                                            std::string_view format_name) {
    return guarded([&]() -> Result<ImageDescription> {
        const auto code = find_pixel_format(format_name);
        const PixelFormat* const format = code ? find_format(*code) : nullptr;
        if (format == nullptr || !format->is_describable())
            return fail(Code::kUsage, in_quotes(format_name) + " is no format of raw pixels",
                        "write a name like BGR24, GRAY8, NV12 or RGGB12, as in "
                        "docs/pixel_formats.md, or that of FFmpeg, GStreamer or GenICam");
        const PlaneFormat& first = format->planes[0];
        const ImageDescription image{
            .width = width,
            .height = height,
            .row_stride_bytes = divide_up(width, first.columns) * (first.bits / 8u),
            .fourcc = format->fourcc,
            .bits_per_pixel = format->bits_per_pixel,
            .orientation = Orientation::kTopDown};
        TRY(check_image(image));
        return image;
    });
}

std::string to_string(const ImageDescription& image) {
    return std::to_string(image.width) + "x" + std::to_string(image.height) + " " +
           pixel_format_name(image.fourcc);
}

Result<void> check_image(const ImageDescription& image) {
    return guarded([&]() -> Result<void> {
        if (image == ImageDescription{}) return {};
        if (auto checked = check_description(image); !checked)
            return blame(Code::kUsage, checked.error());
        return {};
    });
}

layout::ImageRecord to_record(const std::optional<ImageDescription>& image) {
    if (!image) return {};
    return {.width = image->width,
            .height = image->height,
            .row_stride_bytes = image->row_stride_bytes,
            .fourcc = image->fourcc,
            .bits_per_pixel = image->bits_per_pixel,
            .orientation = static_cast<std::uint32_t>(image->orientation),
            .color = color_bits(image->color)};
}

Result<std::optional<ImageDescription>> image_from_record(const layout::ImageRecord& record,
                                                          std::span<const ImagePlane> planes) {
    if (is_no_image(record)) return std::nullopt;
    ImageDescription image{.width = record.width,
                           .height = record.height,
                           .row_stride_bytes = record.row_stride_bytes,
                           .fourcc = record.fourcc,
                           .bits_per_pixel = record.bits_per_pixel,
                           .orientation = static_cast<Orientation>(record.orientation),
                           .color = color_of(record.color),
                           .plane_count = static_cast<std::uint32_t>(planes.size())};
    std::ranges::copy(planes.first(std::min<std::size_t>(planes.size(), kImagePlanesMax)),
                      image.planes.begin());
    TRY(check_description(image));
    return image;
}

}  // namespace mapferry::inline v1
