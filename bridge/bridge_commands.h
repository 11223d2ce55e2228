// SPDX-License-Identifier: Apache-2.0
// The commands of mapferry-bridge, over every engine.
#pragma once

#include <atomic>

#include "bridge/options/bridge_command.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// Runs the command to its end. Prints results and events, but not the error that it returns.
[[nodiscard]] Result<void> run_bridge_command(const BridgeCommand& command,
                                              const std::atomic<int>& stop);

}  // namespace mapferry::cli
