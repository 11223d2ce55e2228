// SPDX-License-Identifier: Apache-2.0
#include "bridge/kept/object_commands.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "bridge/kept/export_kept.h"
#include "cli/print.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kLookForEngine{500};
constexpr const char* kListLine = "{:<40} {:>10} {:>8}  {}\n";

nlohmann::json object_json(const StoredObject& object) {
    nlohmann::json event = {{"event", "object"},
                            {"name", object.name},
                            {"bytes", object.bytes},
                            {"parts", object.parts},
                            {"part_bytes", object.part_bytes},
                            {"stored_unix_ns", object.stored_unix_ns}};
    if (!object.record) return event;
    event["xxh3_128"] = to_hex(object.record->digest);
    event["file_name"] = object.record->info.name;
    if (object.record->info.image) event["image"] = json::image_json(*object.record->info.image);
    if (object.record->info.tensor)
        event["tensor"] = json::tensor_json(*object.record->info.tensor);
    if (!object.record->info.pairs.empty())
        event["meta"] = json::pairs_json(object.record->info.pairs);
    return event;
}

std::string digest_of(const StoredObject& object) {
    return object.record ? to_hex(object.record->digest) : "-";
}

std::string object_text(const StoredObject& object) {
    std::string text =
        fmt::format("name      {}\nbytes     {}  ({})\nparts     {} of {} bytes\nxxh3-128  {}\n",
                    escape_for_terminal(object.name), object.bytes, format_bytes(object.bytes),
                    object.parts, object.part_bytes, digest_of(object));
    if (!object.record) return text + "record    none: another program put it there\n";
    const PayloadInfo& info = object.record->info;
    text += fmt::format("file      {}\n", escape_for_terminal(info.name));
    if (info.image) text += fmt::format("image     {}\n", to_string(*info.image));
    if (info.tensor) text += fmt::format("tensor    {}\n", to_string(*info.tensor));
    for (const PayloadPair& pair : info.pairs)
        text += fmt::format("meta      {}={}\n", escape_for_terminal(pair.key),
                            escape_for_terminal(pair.value));
    return text;
}

bool is_whole(const SectionReport& report) {
    return report.section.delivery == Delivery::kKeep && report.state == SectionState::kEnded &&
           report.payloads_ended == 1;
}

// Exports what is new of one section. Sections that cannot be looked into are left alone.
Result<void> export_if_new(const BridgeCommand& command, const std::string& name,
                           std::set<std::uint64_t>& done, ObjectStore& store, EngineWatch& watch) {
    SectionAddress address = command.common.address;
    address.name = name;
    const auto report = inspect_section(address);
    if (!report || !is_whole(*report) || done.contains(report->epoch)) return {};
    const auto exported = export_kept(command, address, name, store, watch);
    if (exported) {
        done.insert(report->epoch);
        return {};
    }
    switch (exported.error().code) {
        case Code::kCannotCreate:
        case Code::kCorrupt:
        case Code::kUsage:
            watch.messages().error(exported.error());
            done.insert(report->epoch);
            return {};
        case Code::kNotFound:  // removed meanwhile
            return {};
        default:
            return exported;
    }
}

}  // namespace

bool fits_pattern(std::string_view name, std::string_view pattern) {
    if (pattern.empty()) return name.empty();
    if (pattern.front() == '*')
        return fits_pattern(name, pattern.substr(1)) ||
               (!name.empty() && fits_pattern(name.substr(1), pattern));
    return !name.empty() && (pattern.front() == '?' || pattern.front() == name.front()) &&
           fits_pattern(name.substr(1), pattern.substr(1));
}

Result<void> list_objects(const BridgeCommand&, ObjectStore& store, const EngineWatch& watch) {
    const auto objects = store.list();
    if (!objects) return std::unexpected(objects.error());
    Result<void> printed;
    if (!watch.messages().json() && !objects->empty())
        printed = print(fmt::format(kListLine, "OBJECT", "BYTES", "PARTS", "XXH3-128"));
    for (const StoredObject& object : *objects) {
        if (!printed) break;
        if (watch.messages().json())
            printed = watch.messages().event(object_json(object));
        else
            printed =
                print(fmt::format(kListLine, escape_for_terminal(object.name),
                                  format_bytes(object.bytes), object.parts, digest_of(object)));
    }
    return printed;
}

Result<void> show_object(const BridgeCommand& command, ObjectStore& store,
                         const EngineWatch& watch) {
    const auto object = store.find(command.url.object);
    if (!object) return std::unexpected(object.error());
    if (!*object)
        return fail(Code::kNotFound, "there is no object " + in_quotes(command.url.object));
    return watch.messages().json() ? watch.messages().event(object_json(**object))
                                   : print(object_text(**object));
}

Result<void> remove_object(const BridgeCommand& command, ObjectStore& store,
                           const EngineWatch& watch) {
    auto removed = store.remove(command.url.object);
    if (removed && watch.messages().json())
        removed = watch.messages().event({{"event", "removed"}, {"name", command.url.object}});
    return removed;
}

Result<void> export_watched(const BridgeCommand& command, ObjectStore& store, EngineWatch& watch) {
    std::set<std::uint64_t> done;
    const SectionAddress& address = command.common.address;
    while (true) {
        const auto names = list_sections(address.reach, address.sharing);
        if (!names) return std::unexpected(names.error());
        for (const std::string& name : *names) {
            if (!fits_pattern(name, command.watch)) continue;
            if (auto seen = export_if_new(command, name, done, store, watch); !seen) return seen;
        }
        if (auto slept = watch.pause(kLookForEngine); !slept) return slept;
    }
}

}  // namespace mapferry::cli
