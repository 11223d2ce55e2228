// SPDX-License-Identifier: Apache-2.0
// Order statistics of a few hundred figures.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mapferry::bench {

using Samples = std::vector<double>;

// The sample at the place share * count, rounded down, in ascending order; share 1: the largest. 0
// when there are no samples.
[[nodiscard]] inline double quantile(Samples samples, double share) {
    if (samples.empty()) return 0;
    std::ranges::sort(samples);
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(samples.size()));
    return samples[std::min(rank, samples.size() - 1)];
}

[[nodiscard]] inline double median(const Samples& samples) {
    return quantile(samples, 0.5);
}

}  // namespace mapferry::bench
