// SPDX-License-Identifier: Apache-2.0
// Decides which charts are drawn from which rows.
#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>

#include "bench/charts.h"
#include "bench/give_up.h"
#include "bench/report.h"

namespace mapferry::bench {

namespace {

// The questions whose cases differ by a size or by the number of readers.
constexpr std::array<std::string_view, 2> kCurves = {"readers", "fraction"};

// Dots show the largest size of each kind of case; the curves show the others.
QuestionRows largest_only(QuestionRows question) {
    std::map<std::string, double> largest;
    const auto kind = [](const CaseRows& one) {
        return place_of(one.case_name).value_or(Place{.panel = one.case_name});
    };
    for (const CaseRows& one : question.cases)
        largest[kind(one).panel] = std::max(largest[kind(one).panel], kind(one).at);
    std::erase_if(question.cases,
                  [&](const CaseRows& one) { return kind(one).at < largest[kind(one).panel]; });
    return question;
}

QuestionRows verified_only(QuestionRows question) {
    for (CaseRows& one : question.cases) {
        for (WayPair& way : one.ways)
            way.unverified = nullptr;
        std::erase_if(one.ways, [](const WayPair& way) { return way.verified == nullptr; });
    }
    return question;
}

// "doctor-bulk, Windows" as "doctor_bulk_Windows".
std::string file_name_of(std::string question) {
    std::ranges::replace_if(
        question, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
    const auto repeated = std::ranges::unique(
        question, [](char one, char next) { return one == '_' && next == '_'; });
    question.erase(repeated.begin(), repeated.end());
    return question;
}

void write_chart(const std::string& folder, const std::string& name, const std::string& svg) {
    const std::string path = folder + "/" + file_name_of(name) + ".svg";
    std::ofstream file(path);
    file << svg;
    if (!file.flush()) give_up("can't write " + path);
}

}  // namespace

void write_charts(const std::string& folder, const Results& results) {
    const auto write_curves = [&](const std::string& name, const QuestionRows& question) {
        const std::string curves = curve_chart(name, question, results.machine);
        if (!curves.empty()) write_chart(folder, name, curves);
        return !curves.empty();
    };
    for (const QuestionRows& question : grouped(results.results.rows)) {
        const std::string& name = question.question;
        if (std::ranges::count(kCurves, name) > 0 && write_curves(name, question)) continue;
        const bool is_files = name == "files";
        if (is_files) write_curves("files by size", verified_only(question));
        write_chart(folder, name,
                    dot_chart(is_files ? largest_only(question) : question, results.machine));
    }
}

}  // namespace mapferry::bench
