#include "reader/inspect_commands.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/print.h"
#include "mapferry/file_name.h"
#include "mapferry/inspect.h"
#include "mapferry/units.h"
#include "reader/section_report_text.h"

namespace mapferry::cli {

namespace {

constexpr const char* kListLine = "{:<24} {:<7} {:<20} {:>10} {:>8} {:>8}\n";

// Names are anybody's: another user may link an object of this one under any name.
std::string list_line(const std::string& name, const Result<SectionReport>& report) {
    const std::string shown = escape_for_terminal(name);
    if (!report)
        return fmt::format("{:<24} {:<7} {}\n", shown, "?",
                           "unreadable: " + report.error().message);
    return fmt::format(kListLine, shown, delivery_name(report->geometry.delivery),
                       condition_of(*report), format_bytes(report->used_bytes),
                       report->payloads_begun, age_text(report->created_unix_ns));
}

Result<void> list_one(const Messages& messages, const SectionAddress& address) {
    const auto report = inspect_section(address);
    if (!report && report.error().code == Code::kNotFound) return {};  // gone meanwhile
    if (!messages.json()) return print(list_line(address.name, report));
    if (report) return messages.event(report_json(*report));
    return messages.event({{"event", "section"},
                           {"name", address.name},
                           {"condition", "unreadable"},
                           {"message", report.error().message}});
}

Result<void> list(const Messages& messages, Reach reach) {
    auto names = list_sections(reach);
    if (!names) return pass(names.error());
    Result<void> printed;
    if (!messages.json() && !names->empty())
        printed =
            print(fmt::format(kListLine, "NAME", "MODE", "STATE", "MEMORY", "PAYLOADS", "AGE"));
    for (const std::string& name : *names)
        if (printed) printed = list_one(messages, {.name = name, .reach = reach});
    return printed;
}

Result<void> info(const Messages& messages, const SectionAddress& address) {
    const auto report = inspect_section(address);
    if (!report) return pass(report.error());
    return messages.json() ? messages.event(report_json(*report)) : print(report_text(*report));
}

Result<void> verify(const Messages& messages, const SectionAddress& address) {
    const auto payloads = verify_section(address);
    if (!payloads) return pass(payloads.error());
    Result<void> printed;
    for (const VerifiedPayload& payload : *payloads) {
        if (!printed) break;
        printed = messages.json()
                      ? messages.event(summary_json({.info = payload.info,
                                                     .summary = payload.summary,
                                                     .seconds = 0,
                                                     .outcome = "verified",
                                                     .output = {}}))
                      : print(fmt::format("{}  {}  {}  verified{}\n", display_name(payload.info),
                                          format_bytes(payload.summary.payload_bytes),
                                          digest_text(payload.summary),
                                          payload.summary.source_changed ? kChangedMark : ""));
    }
    return printed;
}

Result<void> collect(const Messages& messages, const SectionAddress& address) {
    const auto collected = address.backing_path.empty()
                               ? collect_garbage(address.reach)
                               : collect_garbage_file(address.backing_path);
    if (!collected) return pass(collected.error());
    Result<void> printed;
    for (const std::string& name : collected->removed)
        if (printed)
            printed = messages.json()
                          ? messages.event({{"event", "removed"}, {"name", name}})
                          : print(fmt::format("removed {}\n", escape_for_terminal(name)));
    for (const std::string& problem : collected->failed)
        messages.warning(problem);
    return printed;
}

}  // namespace

int run_list(const Messages& messages, Reach reach) {
    return messages.ended(list(messages, reach));
}

int run_info(const Messages& messages, const SectionAddress& address) {
    return messages.ended(info(messages, address));
}

int run_verify(const Messages& messages, const SectionAddress& address) {
    return messages.ended(verify(messages, address));
}

int run_remove(const Messages& messages, const SectionAddress& address, RemovePolicy policy) {
    auto removed = remove_section(address, policy);
    if (removed && messages.json())
        removed = messages.event({{"event", "removed"}, {"name", address.name}});
    return messages.ended(removed);
}

int run_collect(const Messages& messages, const SectionAddress& address) {
    return messages.ended(collect(messages, address));
}

}  // namespace mapferry::cli
