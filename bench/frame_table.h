// SPDX-License-Identifier: Apache-2.0
// Rows as a table for people: a block for each question and case, with the ways below each other.
#pragma once

#include <vector>

#include "bench/bench_rows.h"

namespace mapferry::bench {

void print_table(const std::vector<Row>& rows);
void print_skipped(const std::vector<SkippedWay>& skipped);

}  // namespace mapferry::bench
