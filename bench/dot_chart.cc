// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bench/chart_scale.h"
#include "bench/chart_style.h"
#include "bench/charts.h"

namespace mapferry::bench {

namespace {

constexpr double kPanelTitle = 26;
constexpr double kPanelAxis = 40;
constexpr double kColumn = 86;     // the width of the figures
constexpr double kRowOfOne = 20;   // the height with a verified or an unverified figure
constexpr double kRowOfBoth = 26;  // the height with one above the other
constexpr double kApart = 5.5;     // from the row's middle to each of these two

// The values that all panels of a chart share.
struct Layout {
    bool has_verified = false;
    bool has_unverified = false;
    double left = 0;  // of the plot
    double right = 0;

    [[nodiscard]] bool has_both() const { return has_verified && has_unverified; }
    [[nodiscard]] double row() const { return has_both() ? kRowOfBoth : kRowOfOne; }
    // The right end of the figures' column.
    [[nodiscard]] double column(bool verified) const {
        return kChartWidth - kChartMargin - (verified && has_unverified ? kColumn : 0);
    }
};

std::vector<const Row*> rows_of(const CaseRows& one) {
    std::vector<const Row*> rows;
    for (const WayPair& way : one.ways)
        for (const Row* row : {way.verified, way.unverified})
            if (row != nullptr) rows.push_back(row);
    return rows;
}

TextStyle label_style(const std::string& way) {
    return {.anchor = Anchor::kEnd,
            .weight = side_of(way) == Side::kOurs ? Weight::kBold : Weight::kNormal};
}

Layout layout_of(const QuestionRows& question) {
    Layout layout;
    double label = 0;
    for (const CaseRows& one : question.cases) {
        for (const Row* row : rows_of(one)) {
            (row->verified ? layout.has_verified : layout.has_unverified) = true;
            label = std::max(label, text_width(row->way, label_style(row->way)));
        }
    }
    layout.left = kChartMargin + label + 12;
    layout.right = kChartWidth - kChartMargin - (layout.has_both() ? 2 : 1) * kColumn - 6;
    return layout;
}

// All panels with the same unit have one kind of axis, so that they can be compared.
ScaleKind kind_of(const QuestionRows& question, const std::string& unit) {
    for (const CaseRows& one : question.cases) {
        const auto rows = rows_of(one);
        const auto [least, most] = std::ranges::minmax(rows, {}, &Row::median);
        if (least->unit == unit && scale_kind({least->median, most->median}) == ScaleKind::kLog)
            return ScaleKind::kLog;
    }
    return ScaleKind::kLinear;
}

// One way's figure: a marker at the median, a line over all rounds, and the number.
void draw_figure(Svg& svg, const Row& row, const Scale& scale, const Layout& layout, double y) {
    const ShownUnit unit = shown_unit(row.unit);
    const WayStyle style = style_of(row.way);
    const double at = y + (layout.has_both() ? (row.verified ? -kApart : kApart) : 0);
    const double least = scale.at(row.min * unit.factor);
    const double most = scale.at(row.max * unit.factor);
    svg.line({least, at}, {most, at}, {.colour = style.colour, .width = 1.2});
    for (const double end : {least, most})
        svg.line({end, at - 3}, {end, at + 3}, {.colour = style.colour, .width = 1.2});
    svg.marker({scale.at(row.median * unit.factor), at},
               {.shape = style.shape,
                .fill = row.verified ? Fill::kFull : Fill::kHollow,
                .colour = style.colour});
    svg.text({layout.column(row.verified), y + 4},
             with_commas(figure_text(row.median * unit.factor)),
             {.anchor = Anchor::kEnd,
              .weight = side_of(row.way) == Side::kOurs ? Weight::kBold : Weight::kNormal});
}

// The heads of the figures' columns explain the markers. A chart without verified figures is about
// work that has nothing to verify, and needs no heads.
void draw_heads(Svg& svg, const Layout& layout, double y) {
    if (!layout.has_verified) return;
    for (const bool verified : {true, false}) {
        if (verified ? !layout.has_verified : !layout.has_unverified) continue;
        const std::string text = verified ? "verified" : "unverified";
        const TextStyle style = {.size = 11, .anchor = Anchor::kEnd, .colour = kGrey};
        const double right = layout.column(verified);
        svg.text({right, y}, text, style);
        svg.marker({right - text_width(text, style) - 6, y - 4},
                   {.fill = verified ? Fill::kFull : Fill::kHollow, .colour = kGrey});
    }
}

void draw_axis(Svg& svg, const Scale& scale, const Layout& layout, Span plot) {
    const TextStyle small = {.size = 11, .anchor = Anchor::kMiddle, .colour = kGrey};
    double free = 0;  // from here on there is no text of another mark
    for (const double mark : scale.marks()) {
        const double x = scale.at(mark);
        svg.line({x, plot.low}, {x, plot.high}, {.colour = kGridColour});
        const double half = text_width(mark_text(mark), small) / 2;
        if (x - half < free) continue;
        svg.text({x, plot.high + 13}, mark_text(mark), small);
        free = x + half + 4;
    }
    svg.line({layout.left, plot.low}, {layout.left, plot.high}, {.colour = kGrey});
}

double panel_height(const CaseRows& one, const Layout& layout) {
    return kPanelTitle + layout.row() * static_cast<double>(one.ways.size()) + kPanelAxis;
}

void draw_panel(Svg& svg, const CaseRows& one, ScaleKind kind, const Layout& layout, double top) {
    const auto rows = rows_of(one);
    const ShownUnit unit = shown_unit(rows.front()->unit);
    const Span values = {std::ranges::min(rows, {}, &Row::min)->min * unit.factor,
                         std::ranges::max(rows, {}, &Row::max)->max * unit.factor};
    const Scale scale(kind, values, {layout.left, layout.right});
    const double low = top + kPanelTitle;
    const double high = low + layout.row() * static_cast<double>(one.ways.size());
    svg.text({kChartMargin, top + 17}, one.case_name, {.size = 13, .weight = Weight::kBold});
    draw_heads(svg, layout, top + 17);

    const std::vector<WayPair> ways = ranked(one.ways);
    const auto ours = static_cast<double>(
        std::ranges::count(ways, Side::kOurs, [](const WayPair& way) { return side_of(way.way); }));
    svg.rectangle({kChartMargin - 6, low},
                  {kChartWidth - kChartMargin + 6, low + ours * layout.row()}, "#e9f1fb");
    draw_axis(svg, scale, layout, {low, high});
    svg.text({layout.right, high + 29}, axis_text(unit, kind == ScaleKind::kLog, Arrow::kAlong),
             {.size = 11, .anchor = Anchor::kEnd, .colour = kGrey});
    double y = low + layout.row() / 2;
    for (const WayPair& way : ways) {
        svg.text({layout.left - 8, y + 4}, way.way, label_style(way.way));
        for (const Row* row : {way.verified, way.unverified})
            if (row != nullptr) draw_figure(svg, *row, scale, layout, y);
        y += layout.row();
    }
}

}  // namespace

std::string dot_chart(const QuestionRows& question, const Machine& machine) {
    const Layout layout = layout_of(question);
    Svg svg(kChartWidth);
    std::vector<const Row*> all;
    double y = kChartHead;
    for (const CaseRows& one : question.cases) {
        const auto rows = rows_of(one);
        draw_panel(svg, one, kind_of(question, rows.front()->unit), layout, y);
        y += panel_height(one, layout);
        all.insert(all.end(), rows.begin(), rows.end());
    }
    return finished_chart(svg, y + kChartFoot, title_of(question.question), all, machine);
}

}  // namespace mapferry::bench
