// SPDX-License-Identifier: Apache-2.0
#include "console/serve/pixel_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "console/serve/pixel_samples.h"

namespace mapferry::cli {

namespace {

// Sums and extremes of one channel while its rows pass. Integers of up to 16 bits are counted by
// value, which is all that is needed of them.
class Counter {
  public:
    explicit Counter(const SampleChannel& channel)
        : is_float_(channel.kind == SampleKind::kFloat),
          counts_(is_float_ ? 0 : std::size_t{1} << channel.bits) {}

    void add(float value) {
        if (!is_float_) {
            ++counts_[static_cast<std::size_t>(value)];
            return;
        }
        if (!std::isfinite(value)) {
            ++odd_count_;
            return;
        }
        floats_.push_back(value);
    }

    [[nodiscard]] double smallest() const {
        if (is_float_) return floats_.empty() ? 0 : *std::ranges::min_element(floats_);
        const auto first = std::ranges::find_if(counts_, [](auto n) { return n != 0; });
        return first == counts_.end() ? 0 : static_cast<double>(first - counts_.begin());
    }
    [[nodiscard]] double largest() const {
        if (is_float_) return floats_.empty() ? 0 : *std::ranges::max_element(floats_);
        for (std::size_t value = counts_.size(); value-- > 0;)
            if (counts_[value] != 0) return static_cast<double>(value);
        return 0;
    }

    // REQUIRES: no value is less than the first bin.
    [[nodiscard]] ChannelStatistics result(std::string_view name,
                                           const PictureStatistics& of) const {
        ChannelStatistics made{.name = std::string(name), .odd_count = odd_count_};
        made.smallest = smallest();
        made.largest = largest();
        double sum = 0;
        const auto put = [&](double value, std::uint64_t count) {
            const double bin = of.bin_width > 0 ? (value - of.low) / of.bin_width : 0;
            made.bins[std::min(static_cast<std::size_t>(bin), kHistogramBins - 1)] += count;
            made.count += count;
            sum += value * static_cast<double>(count);
        };
        for (const float value : floats_)
            put(value, 1);
        for (std::size_t value = 0; value < counts_.size(); ++value)
            if (counts_[value] != 0) put(static_cast<double>(value), counts_[value]);
        made.mean = made.count == 0 ? 0 : sum / static_cast<double>(made.count);
        return made;
    }

  private:
    bool is_float_;
    std::vector<std::uint64_t> counts_;
    std::vector<float> floats_ = {};
    std::uint64_t odd_count_ = 0;
};

std::vector<float> row_of(const ImageView& image, const SampleChannel& channel) {
    const std::uint32_t round = (1U << channel.column_shift) - 1;
    return std::vector<float>((image.width() + round) >> channel.column_shift);
}

void count_channel(const ImageView& image, const SampleChannel& channel, Counter& counter) {
    std::vector<float> row = row_of(image, channel);
    const std::uint32_t rows = image.planes().planes[channel.plane].rows;
    for (std::uint32_t y = 0; y < rows; ++y) {
        samples_of_row(image, channel, y, row);
        for (const float value : row)
            counter.add(value);
    }
}

struct NamedCounter {
    std::string_view name;
    Counter counter;
};

// A pattern's samples by the colours of their filters.
std::vector<NamedCounter> count_bayer(const ImageView& image, const SampleChannel& channel) {
    std::vector<NamedCounter> counters{
        {"R", Counter(channel)}, {"G", Counter(channel)}, {"B", Counter(channel)}};
    const auto of = [&](std::uint32_t x, std::uint32_t y) -> Counter& {
        const std::string_view color = bayer_color(image.description().fourcc, x, y);
        return counters[color == "R" ? 0 : color == "G" ? 1 : 2].counter;
    };
    std::vector<float> row = row_of(image, channel);
    for (std::uint32_t y = 0; y < image.height(); ++y) {
        samples_of_row(image, channel, y, row);
        Counter& even = of(0, y);
        Counter& odd = of(1, y);
        for (std::size_t x = 0; x < row.size(); ++x)
            (x % 2 == 0 ? even : odd).add(row[x]);
    }
    return counters;
}

void set_bins(std::span<const SampleChannel> channels, const std::vector<NamedCounter>& counters,
              PictureStatistics& made) {
    double end = 0;
    if (channels.front().kind == SampleKind::kFloat) {
        made.low = std::numeric_limits<double>::infinity();
        end = -made.low;
        for (const auto& [name, counter] : counters) {
            made.low = std::min(made.low, counter.smallest());
            end = std::max(end, counter.largest());
        }
    } else {
        for (const SampleChannel& channel : channels)
            end = std::max(end, std::ldexp(1.0, channel.bits));
    }
    made.bin_width = (end - made.low) / kHistogramBins;
}

}  // namespace

PictureStatistics statistics_of(const ImageView& image) {
    const auto channels = channels_of(image.description().fourcc);
    PictureStatistics made;
    if (channels.empty()) return made;
    std::vector<NamedCounter> counters;
    if (grey_of_bayer(image.description().fourcc)) {
        counters = count_bayer(image, channels.front());
    } else {
        for (const SampleChannel& channel : channels) {
            counters.push_back({channel.name, Counter(channel)});
            count_channel(image, channel, counters.back().counter);
        }
    }
    set_bins(channels, counters, made);
    for (const auto& [name, counter] : counters)
        made.channels.push_back(counter.result(name, made));
    return made;
}

}  // namespace mapferry::cli
