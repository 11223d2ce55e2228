// SPDX-License-Identifier: Apache-2.0
// Sends the chunks of an object, a window of them at once, until the server has stored all.
//
// Chunks that an earlier run has stored are found by the nuid, which comes from the name and the
// bytes. Each chunk has the id RUN:i. The server stores an id once, so what a broken connection has
// left on its way does no harm; another run has other ids. The first chunk of a run is sent alone,
// under the condition that nothing was stored since the run looked: so two exporters never mix
// their chunks. The one that comes second takes a nuid of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/kept/object_store.h"
#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

struct ChunkPlace {
    std::string bucket;
    std::string stream;
    std::string nuid;

    [[nodiscard]] std::string subject() const;
};

// Stores all chunks of the payload; goes on behind those that are there. `place` begins with the
// nuid of the name and the bytes, and gets the one under which they are stored. `run`: a name that
// no other run has. kIo: the server is full.
[[nodiscard]] Result<void> upload_chunks(NatsConnection& connection, ChunkPlace& place,
                                         const std::string& run, const PutJob& job);

// The number in a chunk's id; empty: it is none.
[[nodiscard]] std::optional<std::uint64_t> chunk_index(std::string_view id);

}  // namespace mapferry::cli
