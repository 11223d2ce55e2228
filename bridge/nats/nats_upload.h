// SPDX-License-Identifier: Apache-2.0
// Sends the chunks of an object, a window of them at once, until the server has stored all.
#pragma once

#include <span>
#include <string>

#include "bridge/kept/object_store.h"
#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

struct ChunkPlace {
    std::string stream;
    std::string subject;
    std::string nuid;
};

// The number of chunks that are stored without a gap from the first one on. Removes what has a gap.
[[nodiscard]] Result<std::uint64_t> stored_chunks(NatsConnection& connection,
                                                  const ChunkPlace& place);

// Stores all chunks of the payload; goes on behind those that are there. kIo: the server is full.
[[nodiscard]] Result<void> upload_chunks(NatsConnection& connection, const ChunkPlace& place,
                                         const PutJob& job);

}  // namespace mapferry::cli
