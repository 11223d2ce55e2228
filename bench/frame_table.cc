// SPDX-License-Identifier: Apache-2.0
#include "bench/frame_table.h"

#include <fmt/format.h>

#include <string>

namespace mapferry::bench {

namespace {

std::string block_of(const Row& row) {
    return fmt::format("{}, {}, {}", row.question, row.case_name, row.unit);
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    for (const std::string& one : names)
        if (one == name) return true;
    return false;
}

std::string figures(const Row* row) {
    if (row == nullptr) return fmt::format("{:>40}", "");
    return fmt::format("{:>12.4g} {:>27}", row->median,
                       fmt::format("({:.4g} .. {:.4g})", row->min, row->max));
}

const Row* find(const std::vector<Row>& rows, const std::string& block, const std::string& way,
                bool verified) {
    for (const Row& row : rows)
        if (row.way == way && row.verified == verified && block_of(row) == block) return &row;
    return nullptr;
}

// Prints every way once, in the order of its first row. The ratio compares a way with the first
// line.
void print_block(const std::vector<Row>& rows, const std::string& block) {
    fmt::print("\n{:<36}{:>40}{:>40}{:>8}\n", block, "verified (min .. max)",
               "unverified (min .. max)", "ratio");
    std::vector<std::string> done;
    double first = 0;
    for (const Row& row : rows) {
        if (block_of(row) != block || has(done, row.way)) continue;
        done.push_back(row.way);
        const Row* const verified = find(rows, block, row.way, true);
        const Row* const unverified = find(rows, block, row.way, false);
        const Row* const shown = verified != nullptr ? verified : unverified;
        if (first == 0) first = shown->median;
        const double ratio = first > 0 ? shown->median / first : 0;
        fmt::print("{:<36}{}{}{:>8.2f}\n", row.way, figures(verified), figures(unverified), ratio);
    }
}

}  // namespace

void print_table(const std::vector<Row>& rows) {
    std::vector<std::string> blocks;
    for (const Row& row : rows) {
        const std::string block = block_of(row);
        if (has(blocks, block)) continue;
        blocks.push_back(block);
        print_block(rows, block);
    }
}

void print_skipped(const std::vector<SkippedWay>& skipped) {
    if (!skipped.empty()) fmt::print("\n");
    for (const SkippedWay& one : skipped)
        fmt::print("skipped: {}/{}: {}\n", one.question, one.way, one.reason);
}

}  // namespace mapferry::bench
