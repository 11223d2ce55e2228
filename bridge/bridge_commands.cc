// SPDX-License-Identifier: Apache-2.0
#include "bridge/bridge_commands.h"

#include "bridge/engine_watch.h"
#include "bridge/nats/nats_commands.h"
#include "bridge/s3/s3_commands.h"

namespace mapferry::cli {

Result<void> run_bridge_command(const BridgeCommand& command, const std::atomic<int>& stop) {
    EngineWatch watch(command.common, command.url.server(), stop);
    return command.url.engine == Engine::kS3 ? run_s3_command(command, watch)
                                             : run_nats_command(command, watch);
}

}  // namespace mapferry::cli
