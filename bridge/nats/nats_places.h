// SPDX-License-Identifier: Apache-2.0
// What of ours a NATS server holds under a name: buckets of objects, frames, queues.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bridge/nats/nats_connection.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// In the order in which an importer looks for them.
enum class PlaceKind : std::uint8_t { kFrames, kQueue, kBucket };

struct FoundPlace {
    PlaceKind kind = PlaceKind::kBucket;
    std::string name = {};
    std::string stream = {};
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t consumers = 0;
};

// The places of this name; empty: all places of the server.
[[nodiscard]] Result<std::vector<FoundPlace>> find_places(NatsConnection& connection,
                                                          const std::string& name);

// ls, info and rm of an address without an object: the server, or a place.
[[nodiscard]] Result<void> run_place_command(const BridgeCommand& command,
                                             NatsConnection& connection);

}  // namespace mapferry::cli
