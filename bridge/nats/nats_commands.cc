// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_commands.h"

#include "bridge/exported_section.h"
#include "bridge/kept/export_kept.h"
#include "bridge/kept/import_kept.h"
#include "bridge/kept/object_commands.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_places.h"
#include "bridge/nats/nats_queue.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

// What is to be exported as what.
PlaceKind kind_of(Delivery delivery) {
    switch (delivery) {
        case Delivery::kLatest:
            return PlaceKind::kFrames;
        case Delivery::kStream:
        case Delivery::kEach:
            return PlaceKind::kQueue;
        default:
            return PlaceKind::kBucket;
    }
}

// The importer of a stream decides by what is there, so a place is of one kind.
Result<void> check_place(const BridgeCommand& command, NatsConnection& connection,
                         PlaceKind wanted) {
    const auto found = find_places(connection, command.url.place);
    if (!found) return std::unexpected(found.error());
    for (const FoundPlace& place : *found)
        if (place.kind != wanted)
            return fail(Code::kCannotCreate,
                        command.url.place + " at " + connection.watch().server() +
                            " is taken: there is " + place.stream,
                        "choose another address, or remove that: mapferry-bridge rm URL");
    return {};
}

Result<void> export_to_nats(const BridgeCommand& command, EngineWatch& watch) {
    if (!command.watch.empty()) {
        auto connection = NatsConnection::open(command, watch);
        if (!connection) return std::unexpected(connection.error());
        NatsObjects store(**connection, command.url.place);
        return export_watched(command, store, watch);
    }
    const auto delivery = find_exported(command, watch);
    if (!delivery) return std::unexpected(delivery.error());
    const PlaceKind kind = kind_of(*delivery);
    if (kind != PlaceKind::kBucket && !command.url.object.empty())
        return fail(Code::kUsage, "frames and streams have no object: the address names a place");
    auto connection = NatsConnection::open(command, watch);
    if (!connection) return std::unexpected(connection.error());
    if (auto free = check_place(command, **connection, kind); !free) return free;
    if (*delivery == Delivery::kLatest) return export_frames(command, **connection);
    if (*delivery == Delivery::kStream) return export_stream(command, **connection);
    if (*delivery == Delivery::kEach) return export_each_frame(command, **connection);
    NatsObjects store(**connection, command.url.place);
    return export_kept(command, command.common.address, command.url.object, store, watch);
}

// Waits until there is something to import.
Result<PlaceKind> await_place(const BridgeCommand& command, NatsConnection& connection) {
    if (!command.url.object.empty()) return PlaceKind::kBucket;
    const Deadline deadline(command.common.timeout);
    while (true) {
        const auto found = find_places(connection, command.url.place);
        if (!found) return std::unexpected(found.error());
        if (!found->empty()) return found->front().kind;
        const std::string what = command.url.place + " at " + connection.watch().server();
        if (command.common.timeout == std::chrono::milliseconds(0))
            return fail(Code::kNotFound, "there is no " + what);
        if (deadline.is_over())
            return fail(Code::kTimedOut, "there is no " + what + " yet", Remedy::kRaiseTimeout);
        if (auto slept = connection.watch().pause(std::chrono::milliseconds(200)); !slept)
            return std::unexpected(slept.error());
    }
}

Result<void> import_from_nats(const BridgeCommand& command, NatsConnection& connection) {
    const auto kind = await_place(command, connection);
    if (!kind) return std::unexpected(kind.error());
    if (*kind == PlaceKind::kFrames) return import_frames(command, connection);
    if (*kind == PlaceKind::kQueue) return import_queue(command, connection);
    NatsObjects store(connection, command.url.place);
    return import_kept(command, store, connection.watch());
}

Result<void> look_at_nats(const BridgeCommand& command, NatsConnection& connection) {
    if (command.url.object.empty()) return run_place_command(command, connection);
    NatsObjects store(connection, command.url.place);
    switch (command.work) {
        case BridgeWork::kVerify:
            return verify_object(command, store, connection.watch());
        case BridgeWork::kRemove:
            return remove_object(command, store, connection.watch());
        default:
            return show_object(command, store, connection.watch());
    }
}

}  // namespace

Result<void> run_nats_command(const BridgeCommand& command, EngineWatch& watch) {
    if (command.work == BridgeWork::kExport) return export_to_nats(command, watch);
    auto connection = NatsConnection::open(command, watch);
    if (!connection) return std::unexpected(connection.error());
    return command.work == BridgeWork::kImport ? import_from_nats(command, **connection)
                                               : look_at_nats(command, **connection);
}

}  // namespace mapferry::cli
