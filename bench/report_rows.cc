// SPDX-License-Identifier: Apache-2.0
// The rows in the order of the table, and the meaning of their texts.
#include <fmt/format.h>

#include <charconv>

#include "bench/report.h"

namespace mapferry::bench {

bool is_kept_to_fewer(const Machine& machine) {
    return machine.usable_processors != 0 && machine.usable_processors < machine.processors;
}

std::string machine_line(const Machine& machine) {
    constexpr double kGiB = 1 << 30;
    const std::string kept = is_kept_to_fewer(machine) ? fmt::format(" (all processes kept to {})",
                                                                     machine.usable_processors)
                                                       : "";
    return fmt::format("{}, {} processor{}{}, {:.0f} GiB, {}, {}, {}", machine.cpu,
                       machine.processors, machine.processors == 1 ? "" : "s", kept,
                       static_cast<double>(machine.memory_bytes) / kGiB, machine.kernel,
                       machine.compiler, machine.distribution);
}

std::vector<QuestionRows> grouped(const std::vector<Row>& rows) {
    std::vector<QuestionRows> questions;
    for (const Row& row : rows) {
        auto& question = find_or_add(questions, &QuestionRows::question, row.question);
        auto& one = find_or_add(question.cases, &CaseRows::case_name, row.case_name);
        WayPair& way = find_or_add(one.ways, &WayPair::way, row.way);
        (row.verified ? way.verified : way.unverified) = &row;
    }
    return questions;
}

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

std::string figure_text(double value) {
    if (value >= 100) return fmt::format("{:.0f}", value);
    if (value >= 10) return fmt::format("{:.1f}", value);
    if (value >= 1) return fmt::format("{:.2f}", value);
    return fmt::format("{:#.3g}", value);
}

}  // namespace mapferry::bench
