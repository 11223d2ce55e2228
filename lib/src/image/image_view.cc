// SPDX-License-Identifier: Apache-2.0
#include "mapferry/image_view.h"

#include <limits>
#include <new>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/image_record.h"

namespace mapferry::inline v1 {

namespace {

// The same checks as for a description that comes out of a section, but the fault is the caller's.
Result<void> check_raw(const ImageDescription& image) {
    TRY(check_image(image));
    if (image.row_stride_bytes == 0 || image.bits_per_pixel == 0)
        return fail(Code::kUsage, to_string(image) + " are no raw pixels",
                    "decode the picture file first");
    return {};
}

std::size_t bytes_of_row(const ImageDescription& image) {
    return static_cast<std::size_t>(
        divide_up(std::uint64_t{image.width} * image.bits_per_pixel, 8));
}

}  // namespace

std::uint64_t row_offset(const ImageDescription& image, std::uint32_t y) {
    const bool bottom_up = image.orientation == Orientation::kBottomUp;
    return image.row_stride_bytes * (bottom_up ? image.height - 1 - y : y);
}

ImageView::ImageView(const ImageDescription& description, std::span<const std::byte> bytes)
    : description_(description), bytes_(bytes), row_bytes_(bytes_of_row(description)) {}

Result<ImageView> ImageView::make(const ImageDescription& description,
                                  std::span<const std::byte> bytes) {
    return guarded([&]() -> Result<ImageView> {
        TRY(check_raw(description));
        TRY(check_image_fits(description, bytes.size()));
        const std::uint64_t used = description.row_stride_bytes * description.height;
        return ImageView(description, bytes.first(static_cast<std::size_t>(used)));
    });
}

std::span<const std::byte> ImageView::row(std::uint32_t y) const {
    return bytes_.subspan(static_cast<std::size_t>(row_offset(description_, y)), row_bytes_);
}

Result<Image> Image::allocate(const ImageDescription& description) {
    return guarded([&]() -> Result<Image> {
        TRY(check_raw(description));
        const std::uint64_t bytes = description.row_stride_bytes * description.height;
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
