// SPDX-License-Identifier: Apache-2.0
// The two kinds of charts, as the text of an SVG file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/report.h"

namespace mapferry::bench {

// A panel for each case, a line for each way: dots, beside them the figures.
[[nodiscard]] std::string dot_chart(const QuestionRows& question, const Machine& machine);

// Where a case lies on an axis: "1 MiB, tmpfs, replaced" at 1048576 in the panel "tmpfs, replaced".
struct Place {
    double at = 0;
    std::string mark = {};       // "1 MiB"
    std::string panel = {};      // what else the case's name says
    std::string_view axis = {};  // "size", "readers"
};
// Empty for a case that begins with no size and ends with no number of readers.
[[nodiscard]] std::optional<Place> place_of(const std::string& case_name);

// A panel for each kind of case, a curve for each way that has figures at three places or more.
// Empty when there is none. `name` is what title_of() knows.
[[nodiscard]] std::string curve_chart(const std::string& name, const QuestionRows& question,
                                      const Machine& machine);

}  // namespace mapferry::bench
