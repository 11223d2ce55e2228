// SPDX-License-Identifier: Apache-2.0
// The common parts of all charts: colours and markers of the ways, titles, units, head and foot.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/chart_svg.h"
#include "bench/report.h"

namespace mapferry::bench {

constexpr double kChartWidth = 800;  // the width that a page of documentation shows
constexpr double kChartMargin = 14;
constexpr double kChartHead = 74;
constexpr double kChartFoot = 24;
constexpr std::string_view kGrey = "#59636e";
constexpr std::string_view kGridColour = "#dfe3e8";

enum class Side { kOurs, kRival };
[[nodiscard]] Side side_of(std::string_view way);

// A way looks the same in every chart. Shape and dash differ too, for readers who see no colours.
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

// The question as a sentence. `name`: the name of the question, or "files by size".
[[nodiscard]] std::string title_of(std::string_view name);

// Smaller ranks come first: mapferry's ways before the rivals, and each side with its best figure
// first.
[[nodiscard]] std::pair<Side, double> rank_of(const Row& row);
[[nodiscard]] std::vector<WayPair> ranked(std::vector<WayPair> ways);

// Adds the title and the meaning of the figures of `rows` above the panels, and the machine below
// them. Returns the whole picture.
[[nodiscard]] std::string finished_chart(Svg& svg, double height, const std::string& title,
                                         const std::vector<const Row*>& rows,
                                         const Machine& machine);

}  // namespace mapferry::bench
