#include "reader/inspect_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "mapferry/inspect.h"
#include "mapferry/units.h"
#include "reader/section_report_text.h"

namespace mapferry::cli {

namespace {

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
}

// Results that did not reach standard output are a failure like any other.
int flush_stdout(const Messages& messages) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
    return messages.error({Code::kIo, "cannot write standard output", {}, 0});
}

}  // namespace

int run_list(const Messages& messages, Reach reach) {
    auto names = list_sections(reach);
    if (!names) return messages.error(names.error());
    if (!messages.json() && !names->empty())
        print(fmt::format("{:<24} {:<7} {:<20} {:>10} {:>8} {:>8}\n", "NAME", "MODE", "STATE",
                          "MEMORY", "PAYLOADS", "AGE"));
    for (const std::string& name : *names) {
        auto report = inspect_section({.name = name, .reach = reach});
        if (!report && report.error().code == Code::kNotFound) continue;  // gone meanwhile
        if (messages.json() && report) {
            messages.event(report_json(*report));
        } else if (messages.json()) {
            messages.event(
                {{"name", name}, {"condition", "unreadable"}, {"message", report.error().message}});
        } else if (report) {
            print(fmt::format("{:<24} {:<7} {:<20} {:>10} {:>8} {:>8}\n", name,
                              delivery_name(report->geometry.delivery), condition_of(*report),
                              format_bytes(report->used_bytes), report->payloads_begun,
                              age_text(report->created_unix_ns)));
        } else {
            print(fmt::format("{:<24} {:<7} {}\n", name, "?",
                              "unreadable: " + report.error().message));
        }
    }
    return flush_stdout(messages);
}

int run_info(const Messages& messages, const SectionAddress& address) {
    auto report = inspect_section(address);
    if (!report) return messages.error(report.error());
    if (messages.json())
        messages.event(report_json(*report));
    else
        print(report_text(*report));
    return flush_stdout(messages);
}

int run_verify(const Messages& messages, const SectionAddress& address) {
    auto payloads = verify_section(address);
    if (!payloads) return messages.error(payloads.error());
    for (const VerifiedPayload& payload : *payloads) {
        if (messages.json()) {
            messages.event(summary_json({.info = payload.info,
                                         .summary = payload.summary,
                                         .seconds = 0,
                                         .outcome = "verified",
                                         .output = {}}));
        } else {
            print(fmt::format("{}  {}  {}  verified\n", display_name(payload.info),
                              format_bytes(payload.summary.payload_bytes),
                              digest_text(payload.summary)));
        }
    }
    return flush_stdout(messages);
}

int run_remove(const Messages& messages, const SectionAddress& address, RemovePolicy policy) {
    auto removed = remove_section(address, policy);
    if (!removed) return messages.error(removed.error());
    if (messages.json()) messages.event({{"event", "removed"}, {"name", address.name}});
    return flush_stdout(messages);
}

int run_collect(const Messages& messages, Reach reach) {
    auto collected = collect_garbage(reach);
    if (!collected) return messages.error(collected.error());
    for (const std::string& name : collected->removed) {
        if (messages.json())
            messages.event({{"event", "removed"}, {"name", name}});
        else
            print(fmt::format("removed {}\n", name));
    }
    for (const std::string& problem : collected->failed)
        messages.warning(problem);
    return flush_stdout(messages);
}

}  // namespace mapferry::cli
