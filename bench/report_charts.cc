// SPDX-License-Identifier: Apache-2.0
// Charts by gnuplot: bars for each question, and curves for files by their size.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>

#include "bench/give_up.h"
#include "bench/report.h"

namespace mapferry::bench {

namespace {

constexpr int kWidth = 900;
constexpr int kTitleHeight = 50;
constexpr int kPanelHeight = 66;  // of a panel without its bars
constexpr int kBarHeight = 30;
constexpr int kCurvesHeight = 330;
constexpr double kLogFrom = 30;  // from this spread on bars have a logarithmic scale

std::string head(const std::string& name, const std::string& title, const Machine& machine,
                 int height) {
    return fmt::format(
        "set terminal svg size {},{} noenhanced font 'sans-serif,12' background '#ffffff'\n"
        "set output '{}.svg'\n"
        "set multiplot title \"{}\\n{}\" font ',11'\n"
        "set style fill solid noborder\nset tics nomirror\n"
        "set lmargin at screen 0.26\nset rmargin at screen 0.97\n",
        kWidth, height, name, title, machine_line(machine));
}

std::string numbers(const Row* row) {
    if (row == nullptr) return "NaN NaN NaN";
    return fmt::format("{:.6g} {:.6g} {:.6g}", row->median, row->min, row->max);
}

struct Range {
    double min;
    double max;
};

Range range_of(const CaseRows& one) {
    Range range = {1e300, 0};
    for (const WayPair& way : one.ways)
        for (const Row* row : {way.verified, way.unverified})
            if (row != nullptr)
                range = {std::min(range.min, row->median), std::max(range.max, row->max)};
    return range;
}

// Verified above, unverified below it in a lighter colour.
std::string bars(const CaseRows& one, std::size_t number) {
    std::string text = fmt::format("$case{} << END\n", number);
    for (std::size_t i = 0; i < one.ways.size(); ++i)
        text += fmt::format("{} {} {} \"{}\"\n", i, numbers(one.ways[i].verified),
                            numbers(one.ways[i].unverified), one.ways[i].way);
    const Range range = range_of(one);
    const bool is_log = range.min > 0 && range.max / range.min > kLogFrom;
    const double from = is_log ? range.min / 2 : 0;
    text += fmt::format("END\n{} logscale x\nset xrange [{:.6g}:{:.6g}]\n",
                        is_log ? "set" : "unset", from, range.max * 1.05);
    text += fmt::format("set yrange [{}:-0.7]\nset title \"{}, {}\" offset 0,-0.6\n",
                        static_cast<double>(one.ways.size()) - 0.3, one.case_name,
                        one.ways.front().any().unit);
    const std::string data = fmt::format("$case{}", number);
    text += fmt::format(
        "plot {0} using 2:($1-0.19):({1:.6g}):2:($1-0.36):($1-0.02):ytic(8) "
        "with boxxyerror lc rgb '#2f6f9f' {2}, \\\n"
        " {0} using 5:($1+0.19):({1:.6g}):5:($1+0.02):($1+0.36) "
        "with boxxyerror lc rgb '#b9d3e6' {3}, \\\n"
        " {0} using 2:($1-0.19):3:4 with xerrorbars lc rgb '#202020' pt 0 notitle, \\\n"
        " {0} using 5:($1+0.19):6:7 with xerrorbars lc rgb '#202020' pt 0 notitle\n",
        data, from, number == 0 ? "title 'verified'" : "notitle",
        number == 0 ? "title 'unverified'" : "notitle");
    return text;
}

int panel_height(const CaseRows& one) {
    return kPanelHeight + kBarHeight * static_cast<int>(one.ways.size());
}

std::string bar_chart(const std::string& name, const QuestionRows& question,
                      const Machine& machine) {
    int height = kTitleHeight;
    for (const CaseRows& one : question.cases)
        height += panel_height(one);
    std::string text =
        head(name, question.question + ": medians, smallest .. largest round", machine, height) +
        "set key top right font ',10'\n";
    int top = kTitleHeight;
    for (std::size_t i = 0; i < question.cases.size(); ++i) {
        const int bottom = top + panel_height(question.cases[i]);
        text += fmt::format("set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n",
                            1 - static_cast<double>(top + 24) / height,
                            1 - static_cast<double>(bottom - 26) / height);
        text += bars(question.cases[i], i);
        top = bottom;
    }
    return text + "unset multiplot\n";
}

// The rest of a case's name behind its size: "tmpfs, discarded".
std::string behind_size(const std::string& case_name) {
    const auto comma = case_name.find(", ");
    return comma == std::string::npos ? "" : case_name.substr(comma + 2);
}

using Curves = std::map<std::string, std::map<std::string, std::string>>;  // rest, way, points

Curves curves_of(const QuestionRows& question) {
    Curves curves;
    for (const CaseRows& one : question.cases) {
        const auto bytes = size_of_case(one.case_name);
        if (!bytes || !one.case_name.contains("tmpfs")) continue;
        for (const WayPair& way : one.ways)
            if (way.verified != nullptr)
                curves[behind_size(one.case_name)][way.way] +=
                    fmt::format("{:.0f} {}\n", *bytes, numbers(way.verified));
    }
    // A way that is there at one size only is no curve.
    for (auto& [rest, ways] : curves)
        std::erase_if(ways,
                      [](const auto& way) { return std::ranges::count(way.second, '\n') < 3; });
    std::erase_if(curves, [](const auto& panel) { return panel.second.empty(); });
    return curves;
}

std::string curve_panel(const std::string& title, const std::map<std::string, std::string>& ways,
                        std::size_t number) {
    std::string data;
    std::string plots;
    std::size_t count = 0;
    for (const auto& [way, points] : ways) {
        const std::string block = fmt::format("$curve{}_{}", number, count++);
        data += fmt::format("{} << END\n{}END\n", block, points);
        plots += fmt::format("{} {} using 1:2:3:4 with yerrorlines lw {} title '{}'",
                             plots.empty() ? "plot" : ", \\\n", block,
                             way.starts_with("mapferry") ? 3 : 1, way);
    }
    return fmt::format("{}set title \"{}, verified, GB/s\" offset 0,-0.6\n{}\n", data, title,
                       plots);
}

std::string curve_chart(const Curves& curves, const Machine& machine) {
    const int height = kTitleHeight + kCurvesHeight * static_cast<int>(curves.size());
    std::string text = head("files_by_size", "files by size: medians, smallest .. largest round",
                            machine, height) +
                       "set lmargin at screen 0.08\nset logscale x 2\nset key top left\n"
                       "set yrange [0:*]\nset grid\n"
                       "set xtics ('4 KiB' 4096, '64 KiB' 65536, '1 MiB' 1048576, "
                       "'16 MiB' 16777216, '64 MiB' 67108864, '256 MiB' 268435456, "
                       "'1 GiB' 1073741824, '4 GiB' 4294967296)\n";
    std::size_t number = 0;
    for (const auto& [title, ways] : curves) {
        const int top = kTitleHeight + kCurvesHeight * static_cast<int>(number);
        text += fmt::format("set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n",
                            1 - static_cast<double>(top + 24) / height,
                            1 - static_cast<double>(top + kCurvesHeight - 34) / height);
        text += curve_panel(title, ways, number++);
    }
    return text + "unset multiplot\n";
}

// Bars show the largest size that is there for each place and output.
QuestionRows largest_only(QuestionRows question) {
    std::map<std::string, double> largest;
    for (const CaseRows& one : question.cases) {
        double& bytes = largest[behind_size(one.case_name)];
        bytes = std::max(bytes, size_of_case(one.case_name).value_or(0));
    }
    std::erase_if(question.cases, [&](const CaseRows& one) {
        return size_of_case(one.case_name).value_or(0) < largest[behind_size(one.case_name)];
    });
    return question;
}

std::string file_name_of(std::string question) {
    std::ranges::replace_if(
        question, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    return question;
}

void write_script(const std::string& folder, const std::string& name, const std::string& text) {
    std::ofstream file(folder + "/" + name + ".gp");
    file << text;
    if (!file.flush()) give_up("can't write " + folder + "/" + name + ".gp");
}

}  // namespace

std::optional<double> size_of_case(std::string_view case_name) {
    double number = 0;
    const auto parsed =
        std::from_chars(case_name.data(), case_name.data() + case_name.size(), number);
    if (parsed.ec != std::errc()) return std::nullopt;
    const std::string_view rest =
        case_name.substr(static_cast<std::size_t>(parsed.ptr - case_name.data()));
    if (rest.starts_with(" KiB,")) return number * (1 << 10);
    if (rest.starts_with(" MiB,")) return number * (1 << 20);
    if (rest.starts_with(" GiB,")) return number * (1 << 30);
    return std::nullopt;
}

void write_charts(const std::string& folder, const Results& results) {
    for (const QuestionRows& question : grouped(results.results.rows)) {
        const std::string name = file_name_of(question.question);
        const bool is_files = question.question == "files";
        write_script(
            folder, name,
            bar_chart(name, is_files ? largest_only(question) : question, results.machine));
        if (!is_files) continue;
        const Curves curves = curves_of(question);
        if (!curves.empty())
            write_script(folder, "files_by_size", curve_chart(curves, results.machine));
    }
}

}  // namespace mapferry::bench
