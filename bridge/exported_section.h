// SPDX-License-Identifier: Apache-2.0
// The section that is to be exported, and what it carries.
#pragma once

#include "bridge/engine_watch.h"
#include "bridge/options/bridge_command.h"
#include "mapferry/section_info.h"

namespace mapferry::cli {

// Waits for the section, as a reader does. kUsage: it is a buffer, which does not cross; kNotFound,
// kTimedOut, kInterrupted, and errors of inspect_section().
[[nodiscard]] Result<Delivery> find_exported(const BridgeCommand& command, EngineWatch& watch);

}  // namespace mapferry::cli
