// SPDX-License-Identifier: Apache-2.0
// The figures of a benchmark program as rows of JSON, in one format for all programs.
// scripts/bench.sh combines them into one table and one chart for each question.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/quantiles.h"

namespace mapferry::bench {

// The machine that the figures come from.
struct Machine {
    std::string cpu = {};
    unsigned processors = 0;
    unsigned usable_processors = 0;  // fewer: the run was kept to so many; 0: unknown
    std::uint64_t memory_bytes = 0;
    std::string kernel = {};
    std::string compiler = {};
    std::string distribution = {};
};

[[nodiscard]] Machine this_machine();

// One way's figure in one case of a question.
struct Row {
    std::string question = {};   // "files", "frames", "readers", ...
    std::string case_name = {};  // "1 GiB, tmpfs, overwritten"
    std::string way = {};        // "pipe of 1 MiB"
    bool verified = false;       // the receiver hashed every byte and compared
    std::string unit = {};       // "GB/s" and "payloads/s": more is better; "us", "ms", "MiB": less
    double median = 0;
    double min = 0;
    double max = 0;
    std::uint64_t rounds = 0;
    std::string note = {};  // a fact that a reader of the figure should know; empty: none
    // What the way was set to: "defaults", "defaults but ...", or "tuned: ..." where its speed or
    // memory depends on a choice of the benchmark; empty: it has nothing to set.
    std::string options = {};
};

// Returns `row` with the figures of these rounds.
[[nodiscard]] Row with_figures(Row row, const Samples& rounds);

// A way that could not run here. The results name it, so that nobody believes it was forgotten.
struct SkippedWay {
    std::string question = {};
    std::string way = {};
    std::string reason = {};  // "not installed"
};

struct BenchResults {
    std::vector<Row> rows = {};
    std::vector<SkippedWay> skipped = {};
};

// {"machine": {...}, "rows": [...], "skipped": [...]}. False when the file could not be written.
[[nodiscard]] bool write_rows(const std::string& path, const Machine& machine,
                              const BenchResults& results);

}  // namespace mapferry::bench
