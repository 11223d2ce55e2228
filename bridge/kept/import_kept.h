// SPDX-License-Identifier: Apache-2.0
// Takes an object of a store into a kept section of this machine.
#pragma once

#include "bridge/engine_watch.h"
#include "bridge/kept/object_store.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// Waits until the object is there. Its bytes go into slots of the new section, and a slot becomes
// visible to readers when its bytes were compared with the checksums of their parts. At the end the
// XXH3-128 over all bytes is compared (SHA-256 where the object has nothing else). If it differs,
// the section is removed: kCorrupt. Errors of Writer and ObjectStore.
[[nodiscard]] Result<void> import_kept(const BridgeCommand& command, ObjectStore& store,
                                       EngineWatch& watch);

// Reads the object as import_kept() does, and discards it.
[[nodiscard]] Result<void> verify_object(const BridgeCommand& command, ObjectStore& store,
                                         EngineWatch& watch);

}  // namespace mapferry::cli
