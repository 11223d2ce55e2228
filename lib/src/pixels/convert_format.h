// SPDX-License-Identifier: Apache-2.0
// What image_convert.cc knows about a pixel format: how its pixels get into a strip and out of one.
#pragma once

#include <cstdint>
#include <span>

#include "pixels/color_steps.h"
#include "pixels/pixel_strip.h"
#include "mapferry/image_view.h"

namespace mapferry::inline v1 {

// The picture that strips are loaded from.
class ConvertSource {
  public:
    ConvertSource(const ImageView& view, const SampleScale& scale) : view_(&view), scale_(scale) {}

    [[nodiscard]] std::uint32_t width() const { return view_->width(); }
    [[nodiscard]] std::uint32_t height() const { return view_->height(); }
    // Of floating-point samples. All others are scaled in their strip.
    [[nodiscard]] const SampleScale& scale() const { return scale_; }
    [[nodiscard]] const std::uint8_t* row(std::uint32_t plane, std::uint32_t y) const {
        return reinterpret_cast<const std::uint8_t*>(view_->plane_row(plane, y).data());
    }

  private:
    const ImageView* view_;
    SampleScale scale_;
};

// The picture that strips are stored into.
class ConvertTarget {
  public:
    // REQUIRES: `view` is one of bytes that may be written.
    explicit ConvertTarget(const ImageView& view) : view_(&view) {}

    [[nodiscard]] std::uint8_t* row(std::uint32_t plane, std::uint32_t y) const {
        return reinterpret_cast<std::uint8_t*>(
            const_cast<std::byte*>(view_->plane_row(plane, y).data()));
    }

  private:
    const ImageView* view_;
};

template <typename Sample>
using LoadStrip = void (*)(const ConvertSource& from, const StripPlace& place, Strip<Sample>& to);
// `rows` has the strip's own row, and for ConvertFormat::row_count 2 the one below it, if there is
// one.
template <typename Sample>
using StoreStrip = void (*)(std::span<Strip<Sample>> rows, const StripPlace& place,
                            const ConvertTarget& to);

// A format is loaded with its own precision, either 8 or 16 bits, and is stored likewise.
struct ConvertFormat {
    std::uint32_t fourcc = 0;
    ColorModel model = ColorModel::kRgb;
    bool has_alpha = false;
    LoadStrip<std::uint8_t> load_narrow = nullptr;
    LoadStrip<std::uint16_t> load_wide = nullptr;
    StoreStrip<std::uint8_t> store = nullptr;  // both null: nothing is converted to it
    StoreStrip<std::uint16_t> store_wide = nullptr;
    std::uint32_t row_count = 1;  // that are stored at once
    // Of loaded samples. 0: floating-point numbers, which are scaled to 16 bits when they are
    // loaded.
    SampleBits bits = {.significant = 8};

    // ConvertOptions::levels apply.
    [[nodiscard]] bool has_levels() const {
        return load_wide != nullptr && model != ColorModel::kYuv;
    }
    [[nodiscard]] bool is_target() const { return store != nullptr || store_wide != nullptr; }
};

// Each source file has a part of the table.
[[nodiscard]] std::span<const ConvertFormat> packed_formats();
[[nodiscard]] std::span<const ConvertFormat> wide_formats();
[[nodiscard]] std::span<const ConvertFormat> yuv_formats();
[[nodiscard]] std::span<const ConvertFormat> bayer_formats();

// Null for a format that cannot be converted.
[[nodiscard]] const ConvertFormat* find_convert_format(std::uint32_t fourcc);

}  // namespace mapferry::inline v1
