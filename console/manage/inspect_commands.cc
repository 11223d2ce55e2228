// SPDX-License-Identifier: Apache-2.0
#include "console/manage/inspect_commands.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/print.h"
#include "cli/remedy.h"
#include "cli/short_names.h"
#include "console/section_report_text.h"
#include "console/stream_arguments.h"
#include "mapferry/detail/units.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr const char* kListLine = "{:<24} {:<7} {:<20} {:>10} {:>8} {:>8}\n";

std::string with_way_out(const std::string& message, const Status& status) {
    const std::string way = way_out(status);
    return way.empty() ? message : message + "; " + way;
}

// The name is escaped because anybody may have chosen it: another user may link an object of this
// user under any name.
std::string list_line(const std::string& name, const Result<SectionReport>& report) {
    const std::string shown = escape_for_terminal(name);
    if (!report)
        return fmt::format("{:<24} {:<7} unreadable: {}\n", shown, "?",
                           with_way_out(report.error().message, report.error()));
    std::string line = fmt::format(kListLine, shown, delivery_name(report->section.delivery),
                                   condition_of(*report), format_bytes(report->used_bytes),
                                   report->payloads_begun, age_text(report->created_unix_ns));
    if (const std::string owner = owner_text(*report); !owner.empty())
        line.insert(line.size() - 1, "  " + owner);
    return line;
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

// "2 of alice (uid 1001), 1 of bob (uid 1002)"
std::string count_by_user(const std::vector<OtherUser>& users, std::uint64_t OtherUser::* count) {
    std::string text;
    for (const OtherUser& user : users)
        if (user.*count != 0)
            text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", user.*count,
                                escape_for_terminal(user.name));
    return text;
}

Result<void> others_events(const Messages& messages, const std::vector<OtherUser>& users) {
    Result<void> printed;
    for (const OtherUser& user : users)
        if (printed) printed = messages.event(json::other_user_json(user));
    return printed;
}

// Reports the sections that the list leaves out although their names are taken.
Result<void> note_others(const Messages& messages, const SectionAddress& where) {
    const auto users = list_other_users(where.reach, where.sharing);
    if (!users || users->empty()) return {};
    if (messages.json()) return others_events(messages, *users);
    messages.note("sections of other users are not listed: " +
                  count_by_user(*users, &OtherUser::sections));
    return {};
}

Result<void> list(const Messages& messages, const SectionAddress& where) {
    auto names = list_sections(where.reach, where.sharing);
    if (!names) return std::unexpected(names.error());
    Result<void> printed;
    if (!messages.json() && !names->empty())
        printed =
            print(fmt::format(kListLine, "NAME", "MODE", "STATE", "MEMORY", "PAYLOADS", "AGE"));
    for (const std::string& name : *names)
        if (printed)
            printed =
                list_one(messages, {.name = name, .reach = where.reach, .sharing = where.sharing});
    return printed ? note_others(messages, where) : printed;
}

Result<void> info(const Messages& messages, const SectionAddress& address) {
    const auto report = inspect_section(address);
    if (!report) return std::unexpected(report.error());
    return messages.json() ? messages.event(report_json(*report)) : print(report_text(*report));
}

Result<void> arguments(const Messages& messages, const SectionAddress& address,
                       ReadingProgram program) {
    const auto report = inspect_section(address);
    if (!report) return std::unexpected(report.error());
    const bool is_ffmpeg = program == ReadingProgram::kFfmpeg;
    const auto text = is_ffmpeg ? ffmpeg_arguments(*report) : gstreamer_arguments(*report);
    if (!text) return std::unexpected(text.error());
    if (!messages.json()) return print(*text + "\n");
    return messages.event({{"event", "arguments"},
                           {"program", is_ffmpeg ? "ffmpeg" : "gstreamer"},
                           {"arguments", *text}});
}

Result<void> verify(const Messages& messages, const SectionAddress& address) {
    const auto payloads = verify_section(address);
    if (!payloads) return std::unexpected(payloads.error());
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

Result<void> print_removed(const Messages& messages, const CollectedSection& section) {
    if (messages.json()) return messages.event(json::removed_json(section));
    const std::string shown = escape_for_terminal(section.name);
    if (section.owner.empty()) return print(fmt::format("removed {}\n", shown));
    return print(fmt::format("removed {} of {}\n", shown, escape_for_terminal(section.owner)));
}

Result<void> report_others(const Messages& messages, const std::vector<OtherUser>& users) {
    Result<void> printed;
    if (messages.json()) printed = others_events(messages, users);
    const std::string leftovers = count_by_user(users, &OtherUser::leftovers);
    const std::string hidden = count_by_user(users, &OtherUser::hidden);
    if (!leftovers.empty())
        messages.note("leftovers of other users stay: " + leftovers +
                      "; remove them: mapferry gc --all-users");
    if (!hidden.empty())
        messages.note("sections of other users can't be looked into: " + hidden +
                      "; root can: mapferry gc --all-users");
    return printed;
}

// Fails when gc could not remove something that it should have removed.
Result<void> all_was_collected(const Collected& collected, Users users) {
    const std::string hidden = count_by_user(collected.others, &OtherUser::hidden);
    if (users == Users::kAll && !hidden.empty())
        return fail(Code::kPermission, "sections of other users can't be looked into: " + hidden,
                    "run this as root");
    if (collected.refused) return fail(*collected.refused, "not all leftovers could be removed");
    return {};
}

Result<void> collect(const Messages& messages, const SectionAddress& address, Users users) {
    const auto collected = address.backing_path.empty()
                               ? collect_garbage(address.reach, users)
                               : collect_garbage_file(address.backing_path, users);
    if (!collected) return std::unexpected(collected.error());
    Result<void> printed;
    for (const CollectedSection& section : collected->removed)
        if (printed) printed = print_removed(messages, section);
    for (const Status& problem : collected->failed)
        messages.warning(with_way_out(describe(problem), problem));
    if (printed && users == Users::kThisOne) printed = report_others(messages, collected->others);
    return printed ? all_was_collected(*collected, users) : printed;
}

}  // namespace

int run_list(const Messages& messages, const SectionAddress& where) {
    return messages.ended(list(messages, where));
}

int run_info(const Messages& messages, const SectionAddress& address) {
    return messages.ended(info(messages, address));
}

int run_arguments(const Messages& messages, const SectionAddress& address, ReadingProgram program) {
    return messages.ended(arguments(messages, address, program));
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

int run_collect(const Messages& messages, const SectionAddress& address, Users users) {
    return messages.ended(collect(messages, address, users));
}

}  // namespace mapferry::cli
