// SPDX-License-Identifier: Apache-2.0
#include "bridge/s3/s3_commands.h"

#include "bridge/exported_section.h"
#include "bridge/kept/export_kept.h"
#include "bridge/kept/import_kept.h"
#include "bridge/kept/object_commands.h"
#include "bridge/s3/s3_objects.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

Result<void> export_to_s3(const BridgeCommand& command, ObjectStore& store, EngineWatch& watch) {
    if (!command.watch.empty()) return export_watched(command, store, watch);
    const auto delivery = find_exported(command, watch);
    if (!delivery) return std::unexpected(delivery.error());
    if (*delivery != Delivery::kKeep)
        return fail(
            Code::kUsage,
            to_string(command.common.address) + " keeps nothing, and an object is a kept payload",
            "keep it (mapferry send --keep), or send it to a NATS server");
    return export_kept(command, command.common.address, command.url.object, store, watch);
}

Result<void> look_at_s3(const BridgeCommand& command, ObjectStore& store,
                        const EngineWatch& watch) {
    if (command.url.object.empty()) {
        if (command.work == BridgeWork::kRemove)
            return fail(Code::kUsage, "the address names no object", "s3://BUCKET/KEY");
        return list_objects(command, store, watch);
    }
    return command.work == BridgeWork::kRemove ? remove_object(command, store, watch)
                                               : show_object(command, store, watch);
}

}  // namespace

Result<void> run_s3_command(const BridgeCommand& command, EngineWatch& watch) {
    const auto client = S3Client::open(command, watch);
    if (!client) return std::unexpected(client.error());
    S3Objects store(**client, command.url.prefix);
    switch (command.work) {
        case BridgeWork::kExport:
            return export_to_s3(command, store, watch);
        case BridgeWork::kImport:
            return import_kept(command, store, watch);
        case BridgeWork::kVerify:
            return verify_object(command, store, watch);
        default:
            return look_at_s3(command, store, watch);
    }
}

}  // namespace mapferry::cli
