// SPDX-License-Identifier: Apache-2.0
#include "capi/c_objects.h"
#include "capi/c_section_text.h"
#include "capi/c_section_words.h"
#include "json/json_value.h"
#include "json/payload_json.h"
#include "json/section_json.h"
#include "mapferry/inspect.h"

using namespace mapferry;
using namespace mapferry::capi;

namespace {

// The section, with the accounts that `options` name.
Result<SectionAddress> section_address_of(const char* section, const char* options) {
    auto address = parse_section(section);
    if (!address) return address;
    SectionWords words{std::move(*address)};
    if (auto read = read_options(options, words.list()); !read)
        return std::unexpected(read.error());
    return std::move(words.address);
}

Result<std::string> section_names(Reach reach, const Sharing& sharing) {
    const auto names = list_sections(reach, sharing);
    if (!names) return std::unexpected(names.error());
    std::string text;
    for (const std::string& name : *names)
        text += name + "\n";
    return text;
}

Result<std::string> others_of(Reach reach, const Sharing& sharing) {
    const auto users = list_other_users(reach, sharing);
    if (!users) return std::unexpected(users.error());
    std::string text;
    for (const OtherUser& user : *users)
        text += json::json_line(json::other_user_json(user));
    return text;
}

Result<Collected> collect(const char* section, Reach reach, Users users) {
    if (section == nullptr) return collect_garbage(reach, users);
    const auto address = parse_section(section);
    if (!address) return std::unexpected(address.error());
    if (address->backing_path.empty())
        return fail(Code::kUsage, "the garbage of one section in memory can't be collected",
                    "give file:PATH, or NULL for all sections in memory");
    return collect_garbage_file(address->backing_path, users);
}

std::string warning_line(const Status& problem) {
    return json::json_line({{"event", "warning"}, {"message", describe(problem)}});
}

}  // namespace

int32_t mapferry_section_check(const char* section) noexcept {
    return run([&]() -> Result<void> {
        const auto address = parse_section(section);
        return address ? Result<void>() : std::unexpected(address.error());
    });
}

int32_t mapferry_section_list(const char* options, mapferry_bytes** names) noexcept {
    return run_into(names, [&]() -> Result<void> {
        ListWords words;
        if (auto read = read_options(options, words.list()); !read) return read;
        const bool gives_names = words.listed == ListWords::Listed::kNames;
        auto text = (gives_names ? section_names : others_of)(words.reach, words.sharing);
        if (!text) return std::unexpected(text.error());
        give(std::move(*text), names);
        return {};
    });
}

int32_t mapferry_section_info(const char* section, const char* options,
                              mapferry_bytes** json) noexcept {
    return run_into(json, [&]() -> Result<void> {
        const auto address = section_address_of(section, options);
        if (!address) return std::unexpected(address.error());
        const auto report = inspect_section(*address);
        if (!report) return std::unexpected(report.error());
        give(json::json_line(json::report_json(*report)), json);
        return {};
    });
}

int32_t mapferry_section_verify(const char* section, const char* options,
                                mapferry_bytes** json) noexcept {
    return run_into(json, [&]() -> Result<void> {
        const auto address = section_address_of(section, options);
        if (!address) return std::unexpected(address.error());
        const auto payloads = verify_section(*address);
        if (!payloads) return std::unexpected(payloads.error());
        std::string text;
        for (const VerifiedPayload& payload : *payloads)
            text += json::json_line(json::summary_json({.info = payload.info,
                                                        .summary = payload.summary,
                                                        .seconds = 0,
                                                        .outcome = "verified",
                                                        .output = {}}));
        give(std::move(text), json);
        return {};
    });
}

int32_t mapferry_section_remove(const char* section, const char* options) noexcept {
    return run([&]() -> Result<void> {
        auto address = parse_section(section);
        if (!address) return std::unexpected(address.error());
        SectionWords words{std::move(*address)};
        if (auto read = read_options(options, words.list_to_remove()); !read) return read;
        return remove_section(words.address,
                              words.forces ? RemovePolicy::kAnyway : RemovePolicy::kRefuseLive);
    });
}

int32_t mapferry_section_collect_garbage(const char* section, const char* options,
                                         mapferry_bytes** json) noexcept {
    return run_into(json, [&]() -> Result<void> {
        GarbageWords words;
        if (auto read = read_options(options, words.list()); !read) return read;
        const auto collected = collect(section, words.reach, words.users);
        if (!collected) return std::unexpected(collected.error());
        std::string text;
        for (const CollectedSection& removed : collected->removed)
            text += json::json_line(json::removed_json(removed));
        for (const Status& problem : collected->failed)
            text += warning_line(problem);
        give(std::move(text), json);
        return {};
    });
}
