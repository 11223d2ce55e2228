// SPDX-License-Identifier: Apache-2.0
#include "console/doctor/doctor_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/exit_code.h"
#include "cli/print.h"
#include "cli/remedy.h"
#include "console/section_report_text.h"
#include "mapferry/detail/machine.h"
#include "mapferry/detail/units.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"
#include "mapferry/version.h"

namespace mapferry::cli {

namespace {

// A section that can't be inspected may be valid and in use, which is a warning. It is a fault when
// it is broken or unfinished, or when the inspection failed with kIo.
void judge_unreadable(const Status& status, const std::string& shown, MachineFact& fact) {
    fact.value = describe(status);
    fact.severity = Severity::kWarning;
    fact.hint = way_out(status);
    switch (status.code) {
        case Code::kCorrupt:
        case Code::kNotReady:
            fact.severity = Severity::kFault;
            fact.hint =
                "nobody can use it; if no program is creating it now, remove it: mapferry rm " +
                shown;
            break;
        case Code::kIo:
            fact.severity = Severity::kFault;
            break;
        case Code::kVersion:
            fact.hint = "another version of mapferry made it; look at it with that version";
            break;
        case Code::kUsage:
            fact.hint = "mapferry did not make it, and it is in nobody's way";
            break;
        default:
            break;
    }
}

// A section that gc would remove is a fault. A section that is kept, used or being filled is none.
void judge_report(const SectionReport& report, MachineFact& fact) {
    fact.value = fmt::format("{}, {}, {} used", delivery_name(report.section.delivery),
                             condition_of(report), format_bytes(report.used_bytes));
    if (report.dead) {
        fact.severity = Severity::kFault;
        fact.hint = "left by a process that died; remove it: mapferry gc";
    } else if (report.lock == BufferLockState::kHolderDied) {
        fact.severity = Severity::kWarning;
        fact.hint =
            "its last user died while writing: the data may be incomplete; the next user gets a "
            "warning";
    }
}

// Empty when the section was removed meanwhile.
std::optional<MachineFact> section_fact(const std::string& name, Reach reach) {
    const auto report = inspect_section({.name = name, .reach = reach});
    if (!report && report.error().code == Code::kNotFound) return std::nullopt;
    const std::string shown = escape_for_terminal(name);
    MachineFact fact{"section " + shown, {}};
    if (report)
        judge_report(*report, fact);
    else
        judge_unreadable(report.error(), shown, fact);
    return fact;
}

std::vector<MachineFact> all_facts(Reach reach) {
    std::vector<MachineFact> facts = machine_facts();
    facts.insert(facts.begin(), {.name = "mapferry",
                                 .value = std::string(kVersion) + ", section format " +
                                          std::to_string(kFormatVersion)});
    const auto names = list_sections(reach);
    if (!names) {
        const Status& status = names.error();
        facts.push_back({.name = "sections",
                         .value = describe(status),
                         .severity = Severity::kFault,
                         .hint = way_out(status)});
        return facts;
    }
    facts.push_back({.name = "sections", .value = std::to_string(names->size())});
    for (const std::string& name : *names)
        if (auto fact = section_fact(name, reach)) facts.push_back(std::move(*fact));
    return facts;
}

const char* word_of(Severity severity) {
    switch (severity) {
        case Severity::kFine:
            return "ok";
        case Severity::kWarning:
            return "warning";
        case Severity::kFault:
            break;
    }
    return "fault";
}

const char* mark_of(Severity severity) {
    switch (severity) {
        case Severity::kFine:
            return "ok";
        case Severity::kWarning:
            return "!";
        case Severity::kFault:
            break;
    }
    return "!!";
}

Result<void> print_fact(const Messages& messages, const MachineFact& fact) {
    const std::string hint = way_out(fact);
    if (messages.json()) {
        nlohmann::json object = {{"event", "finding"},
                                 {"name", fact.name},
                                 {"value", fact.value},
                                 {"severity", word_of(fact.severity)}};
        if (!hint.empty()) object["hint"] = hint;
        if (fact.remedy != Remedy::kNone) object["remedy"] = std::string(remedy_name(fact.remedy));
        return messages.event(object);
    }
    std::string text =
        fmt::format("{:<4} {:<16} {}\n", mark_of(fact.severity), fact.name, fact.value);
    if (!hint.empty()) text += fmt::format("    hint: {}\n", hint);
    return print(text);
}

}  // namespace

int run_doctor(const Messages& messages, Reach reach) {
    bool has_fault = false;
    for (const MachineFact& fact : all_facts(reach)) {
        has_fault |= fact.severity == Severity::kFault;
        if (auto printed = print_fact(messages, fact); !printed) return messages.ended(printed);
    }
    return has_fault ? kExitFaultFound : 0;
}

}  // namespace mapferry::cli
