#include "reader/doctor_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/print.h"
#include "mapferry/file_name.h"
#include "mapferry/inspect.h"
#include "mapferry/machine.h"
#include "mapferry/units.h"
#include "reader/section_report_text.h"

namespace mapferry::cli {

namespace {

MachineFact section_fact(const std::string& name, Reach reach) {
    auto report = inspect_section({.name = name, .reach = reach});
    const std::string shown = escape_for_terminal(name);
    if (!report)
        return {"section " + shown, report.error().message, false, "mapferry-reader rm " + shown};
    MachineFact fact{"section " + shown,
                     fmt::format("{}, {}, {} used", delivery_name(report->geometry.delivery),
                                 condition_of(*report), format_bytes(report->used_bytes)),
                     !report->dead,
                     {}};
    if (report->dead) fact.hint = "left by a process that died; remove it: mapferry-reader gc";
    return fact;
}

std::vector<MachineFact> all_facts(Reach reach) {
    std::vector<MachineFact> facts{{"mapferry",
                                    std::string(MAPFERRY_VERSION) + ", section format " +
                                        std::to_string(layout::kFormatVersion),
                                    true,
                                    {}}};
    for (MachineFact& fact : machine_facts())
        facts.push_back(std::move(fact));
    const auto names = list_sections(reach);
    if (!names) {
        facts.push_back({"sections", describe(names.error()), false, names.error().hint});
        return facts;
    }
    facts.push_back({"sections", std::to_string(names->size()), true, {}});
    for (const std::string& name : *names)
        facts.push_back(section_fact(name, reach));
    return facts;
}

Result<void> print_fact(const Messages& messages, const MachineFact& fact) {
    if (messages.json())
        return messages.event(
            {{"name", fact.name}, {"value", fact.value}, {"good", fact.good}, {"hint", fact.hint}});
    std::string text =
        fmt::format("{} {:<16} {}\n", fact.good ? "ok  " : "!!  ", fact.name, fact.value);
    if (!fact.hint.empty()) text += fmt::format("    hint: {}\n", fact.hint);
    return print(text);
}

}  // namespace

int run_doctor(const Messages& messages, Reach reach) {
    for (const MachineFact& fact : all_facts(reach))
        if (auto printed = print_fact(messages, fact); !printed) return messages.ended(printed);
    return 0;
}

}  // namespace mapferry::cli
