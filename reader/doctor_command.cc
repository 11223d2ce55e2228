#include "reader/doctor_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "mapferry/inspect.h"
#include "mapferry/machine.h"
#include "mapferry/units.h"
#include "reader/section_report_text.h"

namespace mapferry::cli {

namespace {

MachineFact section_fact(const std::string& name, Reach reach) {
    auto report = inspect_section({.name = name, .reach = reach});
    if (!report)
        return {"section " + name, report.error().message, false, "mapferry-reader rm " + name};
    MachineFact fact{"section " + name,
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

}  // namespace

int run_doctor(const Messages& messages, Reach reach) {
    for (const MachineFact& fact : all_facts(reach)) {
        if (messages.json()) {
            messages.event({{"name", fact.name},
                            {"value", fact.value},
                            {"good", fact.good},
                            {"hint", fact.hint}});
            continue;
        }
        std::fputs(fmt::format("{} {:<16} {}\n", fact.good ? "ok  " : "!!  ", fact.name, fact.value)
                       .c_str(),
                   stdout);
        if (!fact.hint.empty())
            std::fputs(fmt::format("    hint: {}\n", fact.hint).c_str(), stdout);
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return messages.error({Code::kIo, "cannot write standard output", {}, 0});
    return 0;
}

}  // namespace mapferry::cli
