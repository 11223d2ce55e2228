// SPDX-License-Identifier: Apache-2.0
// The products of the rows of all benchmark programs: one table, one file, a chart for each
// question, and the most important ratios.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench_rows.h"

namespace mapferry::bench {

struct Results {
    Machine machine = {};
    BenchResults results = {};
};

// "AMD EPYC, 2 processors, 23 GiB, Linux 6.18, g++ 12.2.0, Debian 12"
[[nodiscard]] std::string machine_line(const Machine& machine);
// Whether the run could use only a part of the processors.
[[nodiscard]] bool is_kept_to_fewer(const Machine& machine);

// The rows of one way in one case, with and without verification.
struct WayPair {
    std::string way;
    const Row* verified = nullptr;
    const Row* unverified = nullptr;
    [[nodiscard]] const Row& any() const { return verified != nullptr ? *verified : *unverified; }
};
struct CaseRows {
    std::string case_name;
    std::vector<WayPair> ways;
};
struct QuestionRows {
    std::string question;
    std::vector<CaseRows> cases;
};
// Groups the rows. Questions, cases and ways keep the order of the rows.
[[nodiscard]] std::vector<QuestionRows> grouped(const std::vector<Row>& rows);

// The item of `list` whose `name` is `wanted`; if there is none, a new item at the end.
template <typename T>
T& find_or_add(std::vector<T>& list, std::string T::* name, const std::string& wanted) {
    const auto found = std::ranges::find(list, wanted, name);
    if (found != list.end()) return *found;
    list.emplace_back();
    list.back().*name = wanted;
    return list.back();
}

// At least three significant digits; no exponent from 0.0001 on.
[[nodiscard]] std::string figure_text(double value);

[[nodiscard]] std::string table_text(const Results& results);
[[nodiscard]] std::string ratios_text(const std::vector<Row>& rows);

// Writes FOLDER/NAME.svg for each question, and files_by_size.svg.
void write_charts(const std::string& folder, const Results& results);

// The size in bytes with which the name of a case begins; empty: it begins with none.
[[nodiscard]] std::optional<double> size_of_case(std::string_view case_name);

}  // namespace mapferry::bench
