// SPDX-License-Identifier: Apache-2.0
// The axis of a chart: the place of each value, and the values that are marked.
#pragma once

#include <string>
#include <vector>

namespace mapferry::bench {

struct Span {
    double low = 0;
    double high = 0;
};

enum class ScaleKind { kLinear, kLog };

// kLog when these figures span more than a decade.
[[nodiscard]] ScaleKind scale_kind(Span figures);

// A linear axis goes from 0 to a mark, a logarithmic one from 1, 2 or 5 of a decade to another. No
// value lies outside.
class Scale {
  public:
    Scale(ScaleKind kind, Span values, Span pixels);
    [[nodiscard]] double at(double value) const;
    [[nodiscard]] const std::vector<double>& marks() const { return marks_; }

  private:
    ScaleKind kind_;
    Span pixels_;
    Span ends_ = {};
    std::vector<double> marks_ = {};
};

// "15675" as "15,675".
[[nodiscard]] std::string with_commas(std::string number);

// The shortest text of a mark: "0.05", "20,000".
[[nodiscard]] std::string mark_text(double mark);

}  // namespace mapferry::bench
