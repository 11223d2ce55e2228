// SPDX-License-Identifier: Apache-2.0
// The two kinds of charts, as the text of an SVG file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/report.h"

namespace mapferry::bench {

// A panel for each case, with a line for each way: dots, and the figures beside them.
[[nodiscard]] std::string dot_chart(const QuestionRows& question, const Machine& machine);

// The place of a case on an axis: "1 MiB, tmpfs, replaced" is at 1048576 in the panel "tmpfs,
// replaced".
struct Place {
    double at = 0;
    std::string mark = {};       // "1 MiB"
    std::string panel = {};      // the rest of the case's name
    std::string_view axis = {};  // "size", "readers"
};
// Empty: the case's name neither begins with a size nor ends with a number of readers.
[[nodiscard]] std::optional<Place> place_of(const std::string& case_name);

// A panel for each kind of case, with a curve for each way that has figures at three places or
// more. Empty: there is no such way. `name`: see title_of().
[[nodiscard]] std::string curve_chart(const std::string& name, const QuestionRows& question,
                                      const Machine& machine);

}  // namespace mapferry::bench
