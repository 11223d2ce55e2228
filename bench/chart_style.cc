// SPDX-License-Identifier: Apache-2.0
#include "bench/chart_style.h"

#include <fmt/format.h>

#include <algorithm>

namespace mapferry::bench {

namespace {

struct NamedStyle {
    std::string_view prefix;  // of the way's name; the first match counts
    WayStyle style;
};

constexpr WayStyle kOurStyle = {"#0b57a4", Shape::kCircle, ""};
constexpr WayStyle kOtherStyle = {"#59636e", Shape::kDiamond, "1 3"};
constexpr NamedStyle kStyles[] = {
    {"mapferry", kOurStyle},
    {"mapping", kOurStyle},  // as `mapferry bench` names it
    {"cat", {"#c2571a", Shape::kSquare, "7 3"}},
    {"tee", {"#c2571a", Shape::kSquare, "7 3"}},
    {"pipe of 1 MiB", {"#2c7a34", Shape::kTriangle, "2 3"}},
    {"pipes of 1 MiB", {"#2c7a34", Shape::kTriangle, "2 3"}},
    {"pipe", {"#7d9b1f", Shape::kTriangle, "5 2 1 2"}},
    {"cp and mv", {"#b0418e", Shape::kTriangleDown, "9 3 2 3"}},
    {"cp", {"#6b4aa0", Shape::kDiamond, "11 4"}},
    {"splice", {"#00798a", Shape::kTriangleDown, "4 4"}},
    {"vmsplice", {"#00798a", Shape::kTriangleDown, "4 4"}},
    {"Unix", {"#8a5a1c", Shape::kSquare, "3 3"}},
    {"iceoryx", {"#b3202c", Shape::kDiamond, "6 2"}},
    {"Fast-DDS", {"#d0681c", Shape::kTriangleDown, "7 2 2 2"}},
    {"Boost", {"#5c5f12", Shape::kTriangle, "8 2"}},
};

struct Title {
    std::string_view name;
    std::string_view title;
};

constexpr Title kTitles[] = {
    {"files", "How fast does a large file come through another process?"},
    {"files by size", "How does the speed of a file depend on its size?"},
    {"keep", "How fast is a file kept in memory, checked there and taken out?"},
    {"readers", "How much do all readers of one stream get together?"},
    {"small", "How many small payloads come through in a second?"},
    {"start", "How long does a file of 4 KiB take, with the start of all processes?"},
    {"memory", "How much memory do all processes need together at most?"},
    {"hand-over", "How long until the receiver has a frame that was made in place?"},
    {"frames-paced", "How long until the receiver has a frame that was copied?"},
    {"frames-flat-out", "How fast do frames come through when the sender never pauses?"},
    {"stages", "What does each stage of a transfer cost alone?"},
    {"fraction", "How close does a whole transfer come to its slowest stage?"},
    {"doctor-bulk, Windows programs under Wine", "Under Wine: how fast is a large payload?"},
    {"doctor-small, Windows programs under Wine", "Under Wine: how long does 4 KiB take?"},
};

std::string rounds_text(const std::vector<const Row*>& rows) {
    const auto [least, most] = std::ranges::minmax(rows, {}, &Row::rounds);
    std::string text = "Median of ";
    if (least->rounds == most->rounds)
        text += most->rounds == 0 ? "the" : fmt::format("{}", most->rounds);
    else
        text += fmt::format("{} to {}", least->rounds, most->rounds);
    return text + " rounds; the thin line goes from the smallest round to the largest.";
}

}  // namespace

WayStyle style_of(std::string_view way) {
    for (const NamedStyle& one : kStyles)
        if (way.starts_with(one.prefix)) return one.style;
    return kOtherStyle;
}

Side side_of(std::string_view way) {
    return style_of(way).colour == kOurStyle.colour ? Side::kOurs : Side::kRival;
}

ShownUnit shown_unit(std::string_view unit) {
    if (unit == "payloads/s") return {"million payloads/s", 1e-6, Better::kMore};
    if (unit == "us") return {"\u00b5s", 1, Better::kLess};
    const bool is_more = unit == "GB/s" || unit == "%";
    return {std::string(unit), 1, is_more ? Better::kMore : Better::kLess};
}

std::string axis_text(const ShownUnit& unit, bool is_log, Arrow arrow) {
    const bool is_more = unit.better == Better::kMore;
    std::string_view sign;
    if (arrow == Arrow::kUp)
        sign = is_more ? "\u2191" : "\u2193";
    else
        sign = is_more ? "\u2192" : "\u2190";
    return fmt::format("{}{}, {} is better {}", unit.text, is_log ? " (logarithmic axis)" : "",
                       is_more ? "more" : "less", sign);
}

std::string title_of(std::string_view name) {
    for (const Title& one : kTitles)
        if (one.name == name) return std::string(one.title);
    return std::string(name);
}

std::pair<Side, double> rank_of(const Row& row) {
    const bool is_more = shown_unit(row.unit).better == Better::kMore;
    return {side_of(row.way), is_more ? -row.median : row.median};
}

std::vector<WayPair> ranked(std::vector<WayPair> ways) {
    std::ranges::stable_sort(ways, {}, [](const WayPair& way) { return rank_of(way.any()); });
    return ways;
}

std::string finished_chart(Svg& svg, double height, const std::string& title,
                           const std::vector<const Row*>& rows, const Machine& machine) {
    const TextStyle small = {.size = 11, .colour = kGrey};
    svg.text({kChartMargin, 24}, title, {.size = 16, .weight = Weight::kBold});
    svg.text({kChartMargin, 44}, rounds_text(rows), small);
    if (std::ranges::any_of(rows, &Row::verified)) {
        std::string meaning = "Verified: the receiver hashed every byte and compared.";
        if (!std::ranges::all_of(rows, &Row::verified)) meaning += " Unverified: nobody hashed.";
        svg.text({kChartMargin, 59}, meaning, small);
    }
    svg.text({kChartMargin, height - 9}, machine_line(machine), {.size = 10, .colour = kGrey});
    return svg.finished(height, title);
}

}  // namespace mapferry::bench
