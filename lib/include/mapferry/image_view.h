// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pixels in memory: ImageView refers to the bytes of another object, and Image owns its bytes.
///
///     mapferry::Result<std::uint64_t> sum_of_pixels(const mapferry::ImageDescription& image,
///                                                   std::span<const std::byte> bytes) {
///         auto view = mapferry::ImageView::make(image, bytes);
///         if (!view) return std::unexpected(view.error());
///         std::uint64_t sum = 0;
///         for (std::uint32_t y = 0; y < view->height(); ++y)
///             for (const std::byte sample : view->row(y))  // without padding; 0 is the top row
///                 sum += std::to_integer<unsigned>(sample);
///         return sum;
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "mapferry/image.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// A view of raw pixels, row after row, with their description. Cheap to copy; the bytes must
/// outlive it. make() has checked that every row of every plane lies within the bytes.
class ImageView {
  public:
    /// kUsage: the pixels are encoded, the description contradicts itself, nothing says how long
    /// the rows are (a format that is not in pixel_format.h), or they do not lie within the bytes.
    [[nodiscard]] static Result<ImageView> make(const ImageDescription& description,
                                                std::span<const std::byte> bytes);

    [[nodiscard]] const ImageDescription& description() const { return description_; }
    [[nodiscard]] std::uint32_t width() const { return description_.width; }
    [[nodiscard]] std::uint32_t height() const { return description_.height; }
    /// From the first byte in memory to the end of the last row of any plane: image_bytes of them.
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] const ImagePlanes& planes() const { return planes_; }
    /// Bytes of a row's pixels in the first plane, without padding.
    [[nodiscard]] std::size_t row_bytes() const {
        return static_cast<std::size_t>(planes_.planes[0].row_bytes);
    }
    /// A row of the first plane; 0 is the top row, also in a bottom-up image. REQUIRES: y <
    /// height().
    [[nodiscard]] std::span<const std::byte> row(std::uint32_t y) const { return plane_row(0, y); }
    /// A row of any plane, without padding; 0 is the top row. REQUIRES: plane < planes().count and
    /// y < rows of that plane.
    [[nodiscard]] std::span<const std::byte> plane_row(std::uint32_t plane, std::uint32_t y) const;

  private:
    ImageView(const ImageDescription& description, const ImagePlanes& planes,
              std::span<const std::byte> bytes);
    ImageDescription description_;
    ImagePlanes planes_;
    std::span<const std::byte> bytes_;
};

/// The offset of row y of the first plane, counted from the top, in the bytes of the image.
/// REQUIRES: y < height.
[[nodiscard]] std::uint64_t row_offset(const ImageDescription& image, std::uint32_t y);

/// Raw pixels in memory that the image owns. Move-only.
class Image {
  public:
    /// Allocates an image whose bytes are zero. kUsage: the description contradicts itself, or the
    /// pixels are encoded; kOutOfMemory.
    [[nodiscard]] static Result<Image> allocate(const ImageDescription& description);

    [[nodiscard]] const ImageDescription& description() const { return description_; }
    [[nodiscard]] std::span<std::byte> bytes() { return {bytes_.get(), byte_count_}; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), byte_count_}; }
    /// Valid while the image lives and is not assigned to.
    [[nodiscard]] ImageView view() const;

  private:
    Image() = default;
    ImageDescription description_;
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t byte_count_ = 0;
};

}  // namespace mapferry::inline v1
