// SPDX-License-Identifier: Apache-2.0
// What a picture's samples are like: extremes, mean and histogram of each channel, over every
// sample as its source stored it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "mapferry/image_view.h"

namespace mapferry::cli {

inline constexpr std::size_t kHistogramBins = 256;

struct ChannelStatistics {
    std::string name;
    std::uint64_t count = 0;      // of samples that are numbers
    std::uint64_t odd_count = 0;  // of samples that are none, or infinite
    double smallest = 0;
    double largest = 0;
    double mean = 0;
    std::array<std::uint64_t, kHistogramBins> bins = {};
};

struct PictureStatistics {
    // Where the bins begin, and how wide each one is. Integers: from 0 to the largest value that
    // their bits can hold; floating-point numbers: between the picture's own extremes.
    double low = 0;
    double bin_width = 0;
    std::vector<ChannelStatistics> channels;  // of a Bayer pattern "R", "G" and "B"
};

// Empty channels: nothing is known of the format.
[[nodiscard]] PictureStatistics statistics_of(const ImageView& image);

}  // namespace mapferry::cli
