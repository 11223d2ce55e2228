// SPDX-License-Identifier: Apache-2.0
#include "bench/report_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "bench/chart_style.h"

namespace mapferry::bench {

namespace {

constexpr double kLeastFactor = 1.05;  // medians closer than this are the same

struct Counts {
    unsigned faster = 0;
    unsigned slower = 0;
    unsigned same = 0;
    unsigned of_one_round = 0;
};

// How many times as good the later figure is; below 1 it is worse. Empty: a figure is 0.
std::optional<double> gain_of(const Row& before, const Row& now) {
    if (before.median <= 0 || now.median <= 0) return std::nullopt;
    const bool is_more = shown_unit(now.unit).better == Better::kMore;
    return is_more ? now.median / before.median : before.median / now.median;
}

std::string gain_text(const std::optional<double>& gain) {
    if (!gain) return "-";
    std::string factor = fmt::format("{:.2f}x", std::max(*gain, 1 / *gain));
    if (factor == "1.00x") return factor;
    return factor + (*gain > 1 ? " faster" : " slower");
}

std::string_view verdict_name(Verdict verdict) {
    if (verdict == Verdict::kSame) return "same";
    return verdict == Verdict::kFaster ? "faster" : "slower";
}

void count(Counts& counts, Verdict verdict) {
    if (verdict == Verdict::kSame)
        ++counts.same;
    else
        ++(verdict == Verdict::kFaster ? counts.faster : counts.slower);
}

std::vector<Row> own_rows(const Results& results) {
    std::vector<Row> rows = results.results.rows;
    std::erase_if(rows, [](const Row& row) { return side_of(row.way) != Side::kOurs; });
    return rows;
}

// The row of the same way in the same case, or null.
const Row* counterpart(const std::vector<Row>& rows, const Row& wanted) {
    const auto found = std::ranges::find_if(rows, [&](const Row& row) {
        return row.question == wanted.question && row.case_name == wanted.case_name &&
               row.way == wanted.way && row.verified == wanted.verified && row.unit == wanted.unit;
    });
    return found == rows.end() ? nullptr : &*found;
}

std::string way_text(const Row& row) {
    return row.way + (row.verified ? ", verified" : ", unverified");
}

std::string figures(const Row& row) {
    return fmt::format("{} ({} .. {})", figure_text(row.median), figure_text(row.min),
                       figure_text(row.max));
}

std::string line_text(const Row& before, const Row& now, Counts& counts) {
    const Verdict verdict = verdict_of(before, now);
    count(counts, verdict);
    if (std::min(before.rounds, now.rounds) == 1) ++counts.of_one_round;
    return fmt::format("    {:<44}{:<30}{:<30}{:<15}{}\n", way_text(now), figures(before),
                       figures(now), gain_text(gain_of(before, now)), verdict_name(verdict));
}

// How the rivals of the same case have changed: by that much the machine has.
std::string drift_text(const Row& own, const Results& before, const Results& now) {
    std::vector<double> gains;
    for (const Row& row : now.results.rows) {
        if (row.question != own.question || row.case_name != own.case_name ||
            row.unit != own.unit || side_of(row.way) == Side::kOurs)
            continue;
        const Row* const earlier = counterpart(before.results.rows, row);
        const auto gain = earlier == nullptr ? std::nullopt : gain_of(*earlier, row);
        if (gain) gains.push_back(*gain);
    }
    if (gains.empty()) return {};
    const auto middle = gains.begin() + static_cast<std::ptrdiff_t>(gains.size() / 2);
    std::ranges::nth_element(gains, middle);
    return fmt::format("    {:<104}{}\n",
                       fmt::format("other ways, median of {} figures", gains.size()),
                       gain_text(*middle));
}

// Empty: no row of the case was measured before.
std::string case_text(const CaseRows& one, const std::vector<Row>& before, Counts& counts) {
    std::string lines;
    std::string unit;
    for (const WayPair& way : one.ways) {
        for (const Row* row : {way.verified, way.unverified}) {
            const Row* const earlier = row == nullptr ? nullptr : counterpart(before, *row);
            if (earlier == nullptr) continue;
            unit = row->unit;
            lines += line_text(*earlier, *row, counts);
        }
    }
    if (lines.empty()) return {};
    return fmt::format("  {:<46}{:<30}{}\n", one.case_name, "before, " + unit, "now, " + unit) +
           lines;
}

// A question that the other side does not have at all is one line, because runs of `--only` and of
// everything are often compared.
std::string rest_text(std::string_view title, const std::vector<Row>& rows,
                      const std::vector<Row>& others) {
    std::string text;
    for (const QuestionRows& question : grouped(rows)) {
        const auto count = std::ranges::count(rows, question.question, &Row::question);
        if (std::ranges::count(others, question.question, &Row::question) == 0) {
            text += fmt::format("  {}: all of it, {} row{}\n", question.question, count,
                                count == 1 ? "" : "s");
            continue;
        }
        for (const Row& row : rows)
            if (row.question == question.question && counterpart(others, row) == nullptr)
                text += fmt::format("  {}/{}/{}\n", row.question, row.case_name, way_text(row));
    }
    return text.empty() ? text : fmt::format("\n{}\n{}", title, text);
}

std::string count_text(const Counts& counts) {
    const unsigned all = counts.faster + counts.slower + counts.same;
    if (all == 0) return "\nno row of mapferry's ways is in both results\n";
    std::string text = fmt::format("\n{} row{}: {} faster, {} slower, {} same\n", all,
                                   all == 1 ? "" : "s", counts.faster, counts.slower, counts.same);
    if (counts.of_one_round != 0)
        text += fmt::format("{} of them had one round on a side, which shows no noise\n",
                            counts.of_one_round);
    return text;
}

std::string machines_text(const Machine& before, const Machine& now) {
    std::string text;
    const auto add = [&text](std::string_view name, const auto& earlier, const auto& later) {
        if (earlier == later) return;
        text +=
            fmt::format("{} {} {} before, {} now", text.empty() ? "" : ";", name, earlier, later);
    };
    add("cpu", before.cpu, now.cpu);
    add("processors", before.processors, now.processors);
    if (is_kept_to_fewer(before) || is_kept_to_fewer(now))
        add("usable processors", before.usable_processors, now.usable_processors);
    add("kernel", before.kernel, now.kernel);
    add("compiler", before.compiler, now.compiler);
    return text.empty() ? text : fmt::format("\nthe machines differ:{}\n", text);
}

}  // namespace

Verdict verdict_of(const Row& before, const Row& now) {
    const auto gain = gain_of(before, now);
    const bool is_overlap = before.min <= now.max && now.min <= before.max;
    if (!gain || is_overlap) return Verdict::kSame;
    if (*gain > kLeastFactor) return Verdict::kFaster;
    return 1 / *gain > kLeastFactor ? Verdict::kSlower : Verdict::kSame;
}

std::string compare_text(const Results& before, const Results& now) {
    const std::vector<Row> earlier = own_rows(before);
    const std::vector<Row> later = own_rows(now);
    Counts counts;
    std::string text =
        "\nmapferry's ways, compared with an earlier run\n"
        "faster or slower: the ranges of the rounds do not overlap and the medians differ by more "
        "than 5 %\n";
    for (const QuestionRows& question : grouped(later)) {
        std::string cases;
        for (const CaseRows& one : question.cases) {
            const std::string lines = case_text(one, earlier, counts);
            cases += lines;
            if (!lines.empty()) cases += drift_text(one.ways.front().any(), before, now);
        }
        if (!cases.empty()) text += "\n" + question.question + "\n" + cases;
    }
    return text + count_text(counts) + rest_text("only before", earlier, later) +
           rest_text("only now", later, earlier) + machines_text(before.machine, now.machine);
}

}  // namespace mapferry::bench
