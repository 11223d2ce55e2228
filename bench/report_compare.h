// SPDX-License-Identifier: Apache-2.0
// What has become faster or slower since an earlier run.
#pragma once

#include <string>

#include "bench/report.h"

namespace mapferry::bench {

enum class Verdict { kSame, kFaster, kSlower };

// Whether a figure has changed beyond the noise: the ranges of the rounds do not overlap, and the
// medians differ by more than 5 %. kFaster is the better end of the row's unit; of memory it means
// less. Both rows have the same unit.
[[nodiscard]] Verdict verdict_of(const Row& before, const Row& now);

// A line for each row of mapferry's own ways that both results have. Under each case it says by how
// much the rivals have changed, which is the machine's part. Then the count of each verdict, the
// rows that one side alone has, and what differs between the machines.
[[nodiscard]] std::string compare_text(const Results& before, const Results& now);

}  // namespace mapferry::bench
