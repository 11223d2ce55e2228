// SPDX-License-Identifier: Apache-2.0
#include "bench/chart_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mapferry::bench {

namespace {

constexpr double kLogFrom = 10;
constexpr double kLinearMarks = 7;  // at most, without the 0
constexpr std::size_t kMarksMost = 8;
constexpr double kSpanMost = 1e9;  // smaller values lie at the axis's end
constexpr double kTiny = 1e-9;

// The smallest of ... 1, 2, 5, 10, 20, 50 ... that is not below `value`.
double round_up(double value) {
    const double decade = std::pow(10, std::floor(std::log10(value) + kTiny));
    for (const double step : {1.0, 2.0, 5.0})
        if (value <= step * decade * (1 + kTiny)) return step * decade;
    return 10 * decade;
}

double round_down(double value) {
    return 1 / round_up(1 / value);
}

std::vector<double> linear_marks(double high) {
    if (high <= 0) return {0, 1};
    const double step = round_up(high / kLinearMarks);
    const double count = std::ceil(high / step - kTiny);
    std::vector<double> marks;
    for (double i = 0; i <= count; ++i)
        marks.push_back(i * step);
    return marks;
}

std::vector<double> log_marks(Span values) {
    values.low = std::max(values.low, values.high / kSpanMost);
    std::vector<double> marks = {round_down(values.low)};
    while (marks.back() < values.high * (1 - kTiny))
        marks.push_back(round_up(marks.back() * 1.5));
    return marks;
}

bool is_no_power_of_ten(double mark) {
    const double power = std::log10(mark);
    return std::abs(power - std::round(power)) > kTiny;
}

}  // namespace

ScaleKind scale_kind(Span figures) {
    return figures.low > 0 && figures.high > kLogFrom * figures.low ? ScaleKind::kLog
                                                                    : ScaleKind::kLinear;
}

Scale::Scale(ScaleKind kind, Span values, Span pixels)
    : kind_(kind),
      pixels_(pixels),
      marks_(kind == ScaleKind::kLog ? log_marks(values) : linear_marks(values.high)) {
    ends_ = {marks_.front(), marks_.back()};
    if (marks_.size() > kMarksMost) std::erase_if(marks_, is_no_power_of_ten);
}

double Scale::at(double value) const {
    const auto place = [this](double one) {
        return kind_ == ScaleKind::kLog ? std::log10(std::max(one, ends_.low)) : one;
    };
    const double low = place(ends_.low);
    const double share = (place(value) - low) / (place(ends_.high) - low);
    return pixels_.low + share * (pixels_.high - pixels_.low);
}

std::string with_commas(std::string number) {
    const std::size_t whole = std::min(number.find('.'), number.size());
    for (std::size_t at = whole; at > 3;) {
        at -= 3;
        number.insert(at, ",");
    }
    return number;
}

std::string mark_text(double mark) {
    return with_commas(fmt::format("{:.10g}", mark));
}

}  // namespace mapferry::bench
