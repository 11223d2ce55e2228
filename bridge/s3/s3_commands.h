// SPDX-License-Identifier: Apache-2.0
// The commands of mapferry-bridge with an S3 store.
#pragma once

#include "bridge/engine_watch.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// Runs the command to its end. Prints results and events, but not the error that it returns.
[[nodiscard]] Result<void> run_s3_command(const BridgeCommand& command, EngineWatch& watch);

}  // namespace mapferry::cli
