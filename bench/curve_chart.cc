// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

#include "bench/chart_scale.h"
#include "bench/chart_style.h"
#include "bench/charts.h"

namespace mapferry::bench {

namespace {

constexpr double kPanelTitle = 30;
constexpr double kPlotHeight = 260;
constexpr double kPanelAxis = 42;
constexpr double kLeft = kChartMargin + 46;  // of the plot
constexpr double kRight = kChartWidth - kChartMargin;
constexpr double kInset = 26;      // from the plot's side to the first or last place
constexpr double kAside = 6;       // between two curves at one place
constexpr double kSample = 36;     // a piece of the curve before its name
constexpr double kNameApart = 20;  // between two names
constexpr double kLegendLine = 18;
constexpr std::size_t kPointsLeast = 3;

struct CurvePoint {
    Place place;
    const Row* row = nullptr;
};

struct Curve {
    std::string name = {};
    std::vector<CurvePoint> points = {};
    [[nodiscard]] const Row& any() const { return *points.front().row; }
};

struct Panel {
    std::string title = {};
    std::vector<Curve> curves = {};
};

// The values that all panels of a chart share.
struct Layout {
    ScaleKind kind = ScaleKind::kLinear;
    Span values = {};
    Span places = {};

    [[nodiscard]] double x(double place) const {
        const double share = std::log(place / places.low) / std::log(places.high / places.low);
        return kLeft + kInset + share * (kRight - kLeft - 2 * kInset);
    }
};

std::vector<Panel> panels_of(const QuestionRows& question) {
    std::vector<Panel> panels;
    for (const CaseRows& one : question.cases) {
        const auto place = place_of(one.case_name);
        if (!place) continue;
        Panel& panel = find_or_add(panels, &Panel::title, place->panel);
        for (const WayPair& way : one.ways)
            for (const Row* row : {way.verified, way.unverified}) {
                if (row == nullptr) continue;
                const std::string name = way.way + (row->verified ? "" : ", unverified");
                find_or_add(panel.curves, &Curve::name, name).points.push_back({*place, row});
            }
    }
    for (Panel& panel : panels)
        std::erase_if(panel.curves,
                      [](const Curve& curve) { return curve.points.size() < kPointsLeast; });
    std::erase_if(panels, [](const Panel& panel) { return panel.curves.empty(); });
    for (Panel& panel : panels) {
        for (Curve& curve : panel.curves)
            std::ranges::sort(curve.points, {},
                              [](const CurvePoint& point) { return point.place.at; });
        std::ranges::stable_sort(
            panel.curves, {}, [](const Curve& curve) { return rank_of(*curve.points.back().row); });
    }
    return panels;
}

std::vector<const Row*> rows_of(const std::vector<Panel>& panels) {
    std::vector<const Row*> rows;
    for (const Panel& panel : panels)
        for (const Curve& curve : panel.curves)
            for (const CurvePoint& point : curve.points)
                rows.push_back(point.row);
    return rows;
}

TextStyle name_style(const Curve& curve) {
    return {.weight = side_of(curve.any().way) == Side::kOurs ? Weight::kBold : Weight::kNormal};
}

Layout layout_of(const std::vector<Panel>& panels) {
    const auto rows = rows_of(panels);
    const double factor = shown_unit(rows.front()->unit).factor;
    const auto [least, most] = std::ranges::minmax(rows, {}, &Row::median);
    Layout layout = {.kind = scale_kind({least->median, most->median}),
                     .values = {std::ranges::min(rows, {}, &Row::min)->min * factor,
                                std::ranges::max(rows, {}, &Row::max)->max * factor},
                     .places = {1e300, 0}};
    for (const Panel& panel : panels)
        for (const Curve& curve : panel.curves)
            for (const CurvePoint& point : curve.points)
                layout.places = {std::min(layout.places.low, point.place.at),
                                 std::max(layout.places.high, point.place.at)};
    return layout;
}

Marker marker_of(const Row& row) {
    const WayStyle style = style_of(row.way);
    return {.shape = style.shape,
            .fill = row.verified ? Fill::kFull : Fill::kHollow,
            .colour = style.colour};
}

Stroke stroke_of(const Curve& curve) {
    const std::string& way = curve.any().way;
    return {.colour = style_of(way).colour,
            .width = side_of(way) == Side::kOurs ? 2.5 : 1.5,
            .dash = style_of(way).dash};
}

// `aside`: a small distance from the place, so that no curve's markers hide another's.
void draw_curve(Svg& svg, const Curve& curve, const Layout& layout, const Scale& scale,
                double aside) {
    const double factor = shown_unit(curve.any().unit).factor;
    const auto at = [&](const CurvePoint& point) {
        return Point{layout.x(point.place.at) + aside, scale.at(point.row->median * factor)};
    };
    for (std::size_t i = 1; i < curve.points.size(); ++i)
        svg.line(at(curve.points[i - 1]), at(curve.points[i]), stroke_of(curve));
    for (const CurvePoint& point : curve.points) {
        const Point middle = at(point);
        svg.line({middle.x, scale.at(point.row->min * factor)},
                 {middle.x, scale.at(point.row->max * factor)},
                 {.colour = style_of(point.row->way).colour});
        svg.marker(middle, marker_of(*point.row));
    }
}

// The places of the curves' names above the plot. Each line holds all names that fit.
std::vector<Point> legend_places(const Panel& panel) {
    std::vector<Point> places;
    Point next = {kLeft, kPanelTitle};
    for (const Curve& curve : panel.curves) {
        const double width = kSample + text_width(curve.name, name_style(curve));
        if (next.x > kLeft && next.x + width > kRight) next = {kLeft, next.y + kLegendLine};
        places.push_back(next);
        next.x += width + kNameApart;
    }
    return places;
}

void draw_legend(Svg& svg, const Panel& panel, double top) {
    const auto places = legend_places(panel);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Curve& curve = panel.curves[i];
        const double x = places[i].x;
        const double y = top + places[i].y + kLegendLine / 2;
        svg.line({x, y}, {x + kSample - 8, y}, stroke_of(curve));
        svg.marker({x + (kSample - 8) / 2, y}, marker_of(*curve.points.front().row));
        svg.text({x + kSample, y + 4}, curve.name, name_style(curve));
    }
}

void draw_axes(Svg& svg, const Panel& panel, const Layout& layout, const Scale& scale,
               Span heights) {
    const TextStyle small = {.size = 11, .anchor = Anchor::kMiddle, .colour = kGrey};
    for (const double mark : scale.marks()) {
        const double y = scale.at(mark);
        svg.line({kLeft, y}, {kRight, y}, {.colour = kGridColour});
        svg.text({kLeft - 6, y + 4}, mark_text(mark),
                 {.size = 11, .anchor = Anchor::kEnd, .colour = kGrey});
    }
    std::map<double, std::string> places;
    for (const Curve& curve : panel.curves)
        for (const CurvePoint& point : curve.points)
            places[point.place.at] = point.place.mark;
    for (const auto& [place, mark] : places) {
        const double x = layout.x(place);
        svg.line({x, heights.low}, {x, heights.high}, {.colour = kGridColour});
        svg.text({x, heights.high + 14}, mark, small);
    }
    svg.text({(kLeft + kRight) / 2, heights.high + 29},
             panel.curves.front().points.front().place.axis, small);
}

double plot_top(const Panel& panel) {
    return legend_places(panel).back().y + kLegendLine + 8;
}

void draw_panel(Svg& svg, const Panel& panel, const Layout& layout, double top) {
    const Span heights = {top + plot_top(panel), top + plot_top(panel) + kPlotHeight};
    const Scale scale(layout.kind, layout.values, {heights.high, heights.low});
    const ShownUnit unit = shown_unit(panel.curves.front().any().unit);
    svg.text({kChartMargin, top + 17}, panel.title, {.size = 13, .weight = Weight::kBold});
    svg.text({kRight, top + 17}, axis_text(unit, layout.kind == ScaleKind::kLog, Arrow::kUp),
             {.size = 11, .anchor = Anchor::kEnd, .colour = kGrey});
    draw_legend(svg, panel, top);
    draw_axes(svg, panel, layout, scale, heights);
    // mapferry's curves are drawn last, over the others.
    const double middle = (static_cast<double>(panel.curves.size()) - 1) / 2;
    for (std::size_t i = panel.curves.size(); i-- > 0;)
        draw_curve(svg, panel.curves[i], layout, scale, (static_cast<double>(i) - middle) * kAside);
}

}  // namespace

std::optional<Place> place_of(const std::string& case_name) {
    const auto comma = case_name.find(", ");
    if (comma == std::string::npos) return std::nullopt;
    const std::string first = case_name.substr(0, comma);
    const std::string rest = case_name.substr(comma + 2);
    unsigned readers = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), readers);
    const std::string behind(parsed.ptr, rest.data() + rest.size());
    if (parsed.ec == std::errc() && (behind == " reader" || behind == " readers"))
        return Place{static_cast<double>(readers), std::to_string(readers), first, "readers"};
    if (const auto bytes = size_of_case(case_name)) return Place{*bytes, first, rest, "size"};
    return std::nullopt;
}

std::string curve_chart(const std::string& name, const QuestionRows& question,
                        const Machine& machine) {
    const std::vector<Panel> panels = panels_of(question);
    if (panels.empty()) return {};
    const Layout layout = layout_of(panels);
    Svg svg(kChartWidth);
    double y = kChartHead;
    for (const Panel& panel : panels) {
        draw_panel(svg, panel, layout, y);
        y += plot_top(panel) + kPlotHeight + kPanelAxis;
    }
    return finished_chart(svg, y + kChartFoot, title_of(name), rows_of(panels), machine);
}

}  // namespace mapferry::bench
