// SPDX-License-Identifier: Apache-2.0
#include "bridge/bridge_commands.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "bridge/kept/export_kept.h"
#include "bridge/kept/import_kept.h"
#include "bridge/nats/nats_objects.h"
#include "cli/deadline.h"
#include "cli/print.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

// The connection and the store on it.
struct OpenStore {
    std::unique_ptr<NatsConnection> connection;
    std::unique_ptr<ObjectStore> objects;
};

Result<OpenStore> open_store(const BridgeCommand& command, EngineWatch& watch) {
    auto connection = NatsConnection::open(command, watch);
    if (!connection) return std::unexpected(connection.error());
    OpenStore store = {.connection = std::move(*connection), .objects = {}};
    store.objects = std::make_unique<NatsObjects>(*store.connection, command.url.place);
    return store;
}

// Waits for the section as Reader::open() does.
Result<SectionReport> await_section(const BridgeCommand& command, EngineWatch& watch) {
    const SectionAddress& address = command.common.address;
    const Deadline deadline(command.common.timeout);
    while (true) {
        auto report = inspect_section(address);
        if (report || report.error().code != Code::kNotFound) return report;
        if (deadline.is_over()) return report;
        if (auto slept = watch.pause(std::chrono::milliseconds(100)); !slept)
            return std::unexpected(slept.error());
    }
}

Result<void> run_export(const BridgeCommand& command, EngineWatch& watch) {
    const auto report = await_section(command, watch);
    if (!report) return std::unexpected(report.error());
    if (report->section.delivery == Delivery::kBuffer)
        return fail(Code::kUsage,
                    to_string(command.common.address) +
                        " is a buffer, and its lock does not reach other machines",
                    "send what changes as payloads or frames");
    if (report->section.delivery != Delivery::kKeep) return fail(Code::kUsage, "not yet");
    auto store = open_store(command, watch);
    if (!store) return std::unexpected(store.error());
    return export_kept(command, command.common.address, command.url.object, *store->objects, watch);
}

Result<void> run_import(const BridgeCommand& command, EngineWatch& watch) {
    auto store = open_store(command, watch);
    if (!store) return std::unexpected(store.error());
    return import_kept(command, *store->objects, watch);
}

nlohmann::json object_json(const StoredObject& object) {
    nlohmann::json event = {{"event", "object"},
                            {"name", object.name},
                            {"bytes", object.bytes},
                            {"parts", object.parts},
                            {"stored_unix_ns", object.stored_unix_ns}};
    if (object.record) event["xxh3_128"] = to_hex(object.record->digest);
    return event;
}

Result<void> run_list(const BridgeCommand& command, EngineWatch& watch) {
    auto store = open_store(command, watch);
    if (!store) return std::unexpected(store.error());
    const auto objects = store->objects->list();
    if (!objects) return std::unexpected(objects.error());
    Result<void> printed;
    for (const StoredObject& object : *objects) {
        if (!printed) break;
        if (watch.messages().json())
            printed = watch.messages().event(object_json(object));
        else
            printed = print(fmt::format("{:<40} {:>10}  {}\n", escape_for_terminal(object.name),
                                        format_bytes(object.bytes),
                                        object.record ? to_hex(object.record->digest) : ""));
    }
    return printed;
}

Result<void> run_verify_object(const BridgeCommand& command, EngineWatch& watch) {
    auto store = open_store(command, watch);
    if (!store) return std::unexpected(store.error());
    return verify_object(command, *store->objects, watch);
}

Result<void> run_remove_object(const BridgeCommand& command, EngineWatch& watch) {
    auto store = open_store(command, watch);
    if (!store) return std::unexpected(store.error());
    return store->objects->remove(command.url.object);
}

}  // namespace

Result<void> run_bridge_command(const BridgeCommand& command, const std::atomic<int>& stop) {
    EngineWatch watch(command.common, command.url.server(), stop);
    switch (command.work) {
        case BridgeWork::kExport:
            return run_export(command, watch);
        case BridgeWork::kImport:
            return run_import(command, watch);
        case BridgeWork::kList:
        case BridgeWork::kInfo:
            return run_list(command, watch);
        case BridgeWork::kVerify:
            return run_verify_object(command, watch);
        case BridgeWork::kRemove:
            return run_remove_object(command, watch);
    }
    return {};
}

}  // namespace mapferry::cli
