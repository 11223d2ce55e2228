// SPDX-License-Identifier: Apache-2.0
// Order statistics of a few hundred figures.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mapferry::bench {

using Samples = std::vector<double>;

// The smallest sample that at least `share` of them do not exceed (nearest rank). 0 for none.
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
