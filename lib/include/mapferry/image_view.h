// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pixels in memory: a view of somebody else's, and an image of one's own.
///
///     mapferry::Result<std::uint64_t> sum_of_pixels(const mapferry::ImageDescription& image,
///                                                   std::span<const std::byte> bytes) {
///         auto view = mapferry::ImageView::make(image, bytes);
///         if (!view) return mapferry::pass(view.error());
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

/// Raw pixels that lie somewhere, row after row, with their description. Cheap to copy; the bytes
/// must outlive it. Every row lies within the bytes: make() has checked that.
class ImageView {
  public:
    /// kUsage: encoded pixels, a description that contradicts itself, or rows past the bytes.
    [[nodiscard]] static Result<ImageView> make(const ImageDescription& description,
                                                std::span<const std::byte> bytes);

    [[nodiscard]] const ImageDescription& description() const { return description_; }
    [[nodiscard]] std::uint32_t width() const { return description_.width; }
    [[nodiscard]] std::uint32_t height() const { return description_.height; }
    /// From the first byte in memory to the end of the last row with its padding.
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    /// Bytes of a row's pixels, without padding.
    [[nodiscard]] std::size_t row_bytes() const { return row_bytes_; }
    /// The pixels of a row; 0 is the top one, also of a bottom-up image. REQUIRES: y < height().
    [[nodiscard]] std::span<const std::byte> row(std::uint32_t y) const;

  private:
    ImageView(const ImageDescription& description, std::span<const std::byte> bytes);
    ImageDescription description_;
    std::span<const std::byte> bytes_;
    std::size_t row_bytes_;
};

/// Where row y, counted from the top, begins in the bytes of such an image. REQUIRES: y < height.
[[nodiscard]] std::uint64_t row_offset(const ImageDescription& image, std::uint32_t y);

/// Move-only: raw pixels with memory of their own.
class Image {
  public:
    /// Pixels of value zero. kUsage: a description that contradicts itself, or encoded pixels; kIo:
    /// no memory.
    [[nodiscard]] static Result<Image> allocate(const ImageDescription& description);

    [[nodiscard]] const ImageDescription& description() const { return description_; }
    [[nodiscard]] std::span<std::byte> bytes() { return {bytes_.get(), byte_count_}; }
    [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), byte_count_}; }
    [[nodiscard]] ImageView view() const;

  private:
    Image() = default;
    ImageDescription description_;
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t byte_count_ = 0;
};

}  // namespace mapferry::inline v1
