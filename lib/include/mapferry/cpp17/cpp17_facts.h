// SPDX-License-Identifier: Apache-2.0
/// \file
/// What a frame, a payload or a picture is: an image, an array, or neither.
#pragma once

#include <array>

#include "mapferry/cpp17/cpp17_base.h"

namespace mapferry::cpp17 {
inline namespace MAPFERRY_CPP17_ERRORS {

/// One plane of an image. All numbers are 0 for a plane that the image does not have.
struct Plane {
    std::size_t offset_bytes = 0;  ///< where its first row in memory begins
    std::size_t stride_bytes = 0;  ///< from row to row
    std::size_t row_bytes = 0;     ///< a row's pixels without padding; 0: not known
    std::uint32_t rows = 0;
};

/// The lengths of an array's dimensions, or the bytes from one index of each to the next.
class Dimensions {
  public:
    Dimensions() noexcept = default;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t operator[](std::size_t index) const { return values_[index]; }
    [[nodiscard]] const std::int64_t* data() const noexcept { return values_.data(); }
    [[nodiscard]] const std::int64_t* begin() const noexcept { return values_.data(); }
    [[nodiscard]] const std::int64_t* end() const noexcept { return values_.data() + size_; }
    void push_back(std::int64_t value) { values_.at(size_++) = value; }

  private:
    std::array<std::int64_t, MAPFERRY_TENSOR_DIMENSIONS_MAX> values_ = {};
    std::size_t size_ = 0;
};

/// The facts of an Object that has value(key). The keys are in c_base.h.
template <typename Object>
class Facts {
  public:
    [[nodiscard]] bool has_image() const noexcept { return width() > 0; }
    [[nodiscard]] std::uint32_t width() const noexcept { return narrow(MAPFERRY_IMAGE_WIDTH); }
    [[nodiscard]] std::uint32_t height() const noexcept { return narrow(MAPFERRY_IMAGE_HEIGHT); }
    /// Of the first plane. 0: the pixels are encoded (PNG, JPEG), or there is no image.
    [[nodiscard]] std::size_t row_stride_bytes() const noexcept {
        return size_of(MAPFERRY_IMAGE_ROW_STRIDE_BYTES);
    }
    /// Whether the last row of the picture is stored first.
    [[nodiscard]] bool is_bottom_up() const noexcept {
        return fact(MAPFERRY_IMAGE_ORIENTATION) == MAPFERRY_ORIENTATION_BOTTOM_UP;
    }
    [[nodiscard]] int plane_count() const noexcept {
        return static_cast<int>(size_of(MAPFERRY_IMAGE_PLANE_COUNT));
    }
    /// index: 0 to 3.
    [[nodiscard]] Plane plane(int index) const noexcept {
        if (index < 0 || index >= MAPFERRY_IMAGE_PLANES_MAX) return {};
        return {size_of(MAPFERRY_IMAGE_PLANE_OFFSET_BYTES(index)),
                size_of(MAPFERRY_IMAGE_PLANE_STRIDE_BYTES(index)),
                size_of(MAPFERRY_IMAGE_PLANE_ROW_BYTES(index)),
                narrow(MAPFERRY_IMAGE_PLANE_ROWS(index))};
    }

    [[nodiscard]] bool has_tensor() const noexcept { return fact(MAPFERRY_TENSOR_TYPE) >= 0; }
    [[nodiscard]] Dimensions shape() const noexcept { return list(MAPFERRY_TENSOR_SHAPE(0)); }
    [[nodiscard]] Dimensions strides_bytes() const noexcept {
        return list(MAPFERRY_TENSOR_STRIDE_BYTES(0));
    }

  private:
    friend Object;
    Facts() noexcept = default;
    [[nodiscard]] std::int64_t fact(std::int32_t key) const noexcept {
        return static_cast<const Object*>(this)->value(key);
    }
    // 0 for a fact that the object does not have.
    [[nodiscard]] std::size_t size_of(std::int32_t key) const noexcept {
        const std::int64_t known = fact(key);
        return known < 0 ? 0 : static_cast<std::size_t>(known);
    }
    [[nodiscard]] std::uint32_t narrow(std::int32_t key) const noexcept {
        return static_cast<std::uint32_t>(size_of(key));
    }
    [[nodiscard]] Dimensions list(std::int32_t first_key) const noexcept {
        Dimensions found;
        const auto count = static_cast<std::int32_t>(size_of(MAPFERRY_TENSOR_DIMENSIONS));
        for (std::int32_t i = 0; i < count && i < MAPFERRY_TENSOR_DIMENSIONS_MAX; ++i)
            found.push_back(fact(first_key + i));
        return found;
    }
};

}  // namespace MAPFERRY_CPP17_ERRORS
}  // namespace mapferry::cpp17
