// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image_view.h"

#include <limits>
#include <new>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"

namespace mapferry::inline v1 {

namespace {

// The same checks as for a description that comes out of a section, but the fault is the caller's.
Result<ImagePlanes> planes_of_raw(const ImageDescription& image) {
    TRY_ASSIGN(const ImagePlanes planes, planes_of(image));
    if (image.bits_per_pixel == 0 || planes.planes[0].rows == 0)
        return fail(Code::kUsage, "the rows of " + to_string(image) + " have no known length");
    return planes;
}

std::uint64_t offset_in(const PlaneShape& plane, Orientation orientation, std::uint32_t y) {
    const bool bottom_up = orientation == Orientation::kBottomUp;
    return plane.offset_bytes + plane.row_stride_bytes * (bottom_up ? plane.rows - 1 - y : y);
}

}  // namespace

std::uint64_t row_offset(const ImageDescription& image, std::uint32_t y) {
    return offset_in({.offset_bytes = image.plane_count == 0 ? 0 : image.planes[0].offset_bytes,
                      .row_stride_bytes = image.row_stride_bytes,
                      .rows = image.height},
                     image.orientation, y);
}

ImageView::ImageView(const ImageDescription& description, const ImagePlanes& planes,
                     std::span<const std::byte> bytes)
    : description_(description), planes_(planes), bytes_(bytes) {}

Result<ImageView> ImageView::make(const ImageDescription& description,
                                  std::span<const std::byte> bytes) {
    return guarded([&]() -> Result<ImageView> {
        TRY_ASSIGN(const ImagePlanes planes, planes_of_raw(description));
        TRY(check_image_fits(description, bytes.size()));
        return ImageView(description, planes,
                         bytes.first(static_cast<std::size_t>(planes.image_bytes)));
    });
}

std::span<const std::byte> ImageView::plane_row(std::uint32_t plane, std::uint32_t y) const {
    const PlaneShape& shape = planes_.planes[plane];
    return bytes_.subspan(static_cast<std::size_t>(offset_in(shape, description_.orientation, y)),
                          static_cast<std::size_t>(shape.row_bytes));
}

Result<Image> Image::allocate(const ImageDescription& description) {
    return guarded([&]() -> Result<Image> {
        TRY_ASSIGN(const ImagePlanes planes, planes_of_raw(description));
        const std::uint64_t bytes = planes.image_bytes;
        Image image;
        image.description_ = description;
        if (bytes <= std::numeric_limits<std::size_t>::max() / 2) {
            image.byte_count_ = static_cast<std::size_t>(bytes);
            image.bytes_.reset(new (std::nothrow) std::byte[image.byte_count_]());
        }
        if (!image.bytes_)
            return fail(Code::kOutOfMemory,
                        "no memory for " + std::to_string(bytes) + " bytes of pixels");
        return image;
    });
}

ImageView Image::view() const {
    // Cannot fail: allocate() has checked the same.
    return *ImageView::make(description_, bytes());
}

}  // namespace mapferry::inline v1
