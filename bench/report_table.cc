// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "bench/report.h"

namespace mapferry::bench {

namespace {

std::string figures(const Row* row) {
    if (row == nullptr) return fmt::format("{:>10} {:<22}", "-", "");
    return fmt::format("{:>10} {:<22}", figure_text(row->median),
                       fmt::format("({} .. {})", figure_text(row->min), figure_text(row->max)));
}

std::string case_text(const CaseRows& one) {
    const Row& first = one.ways.front().any();
    std::string text = fmt::format("  {:<34}{:>10} {:<22}{:>10} {:<22}{}\n", one.case_name,
                                   "verified", first.unit, "unverified", first.unit, "rounds");
    for (const WayPair& way : one.ways)
        text += fmt::format("    {:<32}{}{}{:>6}\n", way.way, figures(way.verified),
                            figures(way.unverified), way.any().rounds);
    return text;
}

// The options and the notes, each once, under the question's tables.
std::string notes_text(const QuestionRows& question) {
    std::vector<std::string> notes;
    for (const CaseRows& one : question.cases)
        for (const WayPair& way : one.ways) {
            const std::string& options = way.any().options;
            const std::string line = fmt::format("  {}, options: {}\n", way.way, options);
            if (!options.empty() && std::ranges::find(notes, line) == notes.end())
                notes.push_back(line);
        }
    for (const CaseRows& one : question.cases)
        for (const WayPair& way : one.ways)
            for (const Row* row : {way.verified, way.unverified}) {
                if (row == nullptr || row->note.empty()) continue;
                const std::string note = fmt::format("  {}{}: {}\n", way.way,
                                                     row->verified ? ", verified" : "", row->note);
                if (std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
            }
    std::string text;
    for (const std::string& note : notes)
        text += note;
    return text;
}

}  // namespace

std::string table_text(const Results& results) {
    std::string text = machine_line(results.machine) +
                       "\nMedians of the rounds, and the smallest and largest of them.\n";
    for (const QuestionRows& question : grouped(results.results.rows)) {
        text += "\n" + question.question + "\n";
        for (const CaseRows& one : question.cases)
            text += case_text(one);
        text += notes_text(question);
    }
    if (!results.results.skipped.empty()) text += "\nskipped\n";
    for (const SkippedWay& one : results.results.skipped)
        text += fmt::format("  {}, {}: {}\n", one.question, one.way, one.reason);
    return text;
}

}  // namespace mapferry::bench
