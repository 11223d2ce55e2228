// SPDX-License-Identifier: Apache-2.0
// What all charts have in common: colours and markers of the ways, titles, units, head and foot.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/chart_svg.h"
#include "bench/report.h"

namespace mapferry::bench {

constexpr double kChartWidth = 800;  // as wide as a page of documentation shows it
constexpr double kChartMargin = 14;
constexpr double kChartHead = 74;
constexpr double kChartFoot = 24;
constexpr std::string_view kGrey = "#59636e";
constexpr std::string_view kGridColour = "#dfe3e8";

enum class Side { kOurs, kRival };
[[nodiscard]] Side side_of(std::string_view way);

// The same for a way in every chart. Shape and dash differ too, for readers without colours.
struct WayStyle {
    std::string_view colour;
    Shape shape;
    std::string_view dash;
};
[[nodiscard]] WayStyle style_of(std::string_view way);

enum class Better { kMore, kLess };
struct ShownUnit {
    std::string text;
    double factor;  // from the row's unit
    Better better;
};
[[nodiscard]] ShownUnit shown_unit(std::string_view unit);

// "GB/s (logarithmic axis), more is better", with an arrow to the better end.
enum class Arrow { kAlong, kUp };
[[nodiscard]] std::string axis_text(const ShownUnit& unit, bool is_log, Arrow arrow);

// The question as a sentence; `name` is the question's, or "files by size".
[[nodiscard]] std::string title_of(std::string_view name);

// The least comes first: mapferry's ways before the rivals, each side with its best figure first.
[[nodiscard]] std::pair<Side, double> rank_of(const Row& row);
[[nodiscard]] std::vector<WayPair> ranked(std::vector<WayPair> ways);

// The whole picture: above the panels the title and what the figures of `rows` are, below them the
// machine.
[[nodiscard]] std::string finished_chart(Svg& svg, double height, const std::string& title,
                                         const std::vector<const Row*>& rows,
                                         const Machine& machine);

}  // namespace mapferry::bench
