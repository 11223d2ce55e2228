// SPDX-License-Identifier: Apache-2.0
// Takes a kept payload to a store of objects.
#pragma once

#include "bridge/engine_watch.h"
#include "bridge/kept/object_store.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// Exports the payload that the section of `address` keeps, as soon as it is whole and every byte
// of it was verified. The object is called `object`; empty: as the payload, otherwise as the
// section. kUsage: the section keeps several payloads; errors of Reader and ObjectStore.
[[nodiscard]] Result<void> export_kept(const BridgeCommand& command, const SectionAddress& address,
                                       const std::string& object, ObjectStore& store,
                                       EngineWatch& watch);

}  // namespace mapferry::cli
