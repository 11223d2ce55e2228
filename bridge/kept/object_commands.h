// SPDX-License-Identifier: Apache-2.0
// The commands about objects, over any store: ls, info, rm; and export --watch.
#pragma once

#include "bridge/engine_watch.h"
#include "bridge/kept/object_store.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// A line or an event for each object, or for the one of the address with everything about it.
[[nodiscard]] Result<void> list_objects(const BridgeCommand& command, ObjectStore& store,
                                        const EngineWatch& watch);
[[nodiscard]] Result<void> show_object(const BridgeCommand& command, ObjectStore& store,
                                       const EngineWatch& watch);
[[nodiscard]] Result<void> remove_object(const BridgeCommand& command, ObjectStore& store,
                                         const EngineWatch& watch);

// Exports each kept section whose name fits --watch, as soon as it is whole, until a signal comes.
// A failure that concerns one section is reported, and the others go on.
[[nodiscard]] Result<void> export_watched(const BridgeCommand& command, ObjectStore& store,
                                          EngineWatch& watch);

// Whether the name fits the pattern: * stands for any characters, ? for one.
[[nodiscard]] bool fits_pattern(std::string_view name, std::string_view pattern);

}  // namespace mapferry::cli
