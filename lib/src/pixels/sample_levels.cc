// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "pixels/convert_format.h"
#include "mapferry/image_convert.h"

namespace mapferry::inline v1 {

namespace {

class Extremes {
  public:
    void add(double value) {
        smallest_ = std::min(smallest_, value);
        largest_ = std::max(largest_, value);
    }
    [[nodiscard]] std::optional<SampleLevels> levels() const {
        if (!(smallest_ < largest_)) return std::nullopt;
        return SampleLevels{.black = smallest_, .white = largest_};
    }

  private:
    double smallest_ = HUGE_VAL;
    double largest_ = -HUGE_VAL;
};

void add_floats(const ImageView& image, std::uint32_t y, Extremes& extremes) {
    const auto row = image.row(y);
    const std::size_t samples = row.size() / sizeof(float) / image.width();
    const std::size_t colors = std::min<std::size_t>(samples, 3);  // without alpha
    for (std::size_t i = 0; i < row.size() / sizeof(float); ++i) {
        if (i % samples >= colors) continue;
        float value = 0;
        std::memcpy(&value, row.data() + i * sizeof value, sizeof value);
        if (std::isfinite(value)) extremes.add(value);
    }
}

// Interpolated samples of Bayer patterns are never outside of those that the sensor saw.
void add_words(const ConvertFormat& format, const ImageView& image, std::uint32_t y,
               Extremes& extremes) {
    const ConvertSource source(image, {});
    const std::size_t channels = format.model == ColorModel::kGrey ? 1 : 3;
    WideStrip strip;
    for (std::uint32_t x = 0; x < image.width();) {
        const std::size_t count = std::min<std::size_t>(kStripPixels, image.width() - x);
        format.load_wide(source, {.x = x, .y = y, .count = count}, strip);
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const auto samples = std::span(strip.channels[channel]).first(count);
            const auto [smallest, largest] = std::ranges::minmax(samples);
            extremes.add(smallest);
            extremes.add(largest);
        }
        x += static_cast<std::uint32_t>(count);
    }
}

}  // namespace

Result<std::optional<SampleLevels>> sample_levels(const ImageView& image) {
    return guarded([&]() -> Result<std::optional<SampleLevels>> {
        const std::uint32_t fourcc = image.description().fourcc;
        const ConvertFormat* const format = find_convert_format(fourcc);
        if (format == nullptr)
            return fail(Code::kUsage,
                        "the samples of " + pixel_format_name(fourcc) + " pixels are not known");
        if (!format->has_levels()) return std::nullopt;
        Extremes extremes;
        for (std::uint32_t y = 0; y < image.height(); ++y) {
            if (format->bits.significant == 0)
                add_floats(image, y, extremes);
            else
                add_words(*format, image, y, extremes);
        }
        return extremes.levels();
    });
}

}  // namespace mapferry::inline v1
