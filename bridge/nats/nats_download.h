// SPDX-License-Identifier: Apache-2.0
// Reads the chunks of an object, in order, and again from the last one where the connection broke.
#pragma once

#include <cstdint>
#include <optional>

#include "bridge/kept/object_store.h"
#include "bridge/nats/chunk_inbox.h"
#include "bridge/nats/nats_connection.h"
#include "bridge/nats/nats_upload.h"
#include "cli/deadline.h"

namespace mapferry::cli {

class NatsDownload : public ObjectSource {
  public:
    // `connection` must outlive it.
    NatsDownload(NatsConnection& connection, ChunkPlace place, const StoredObject& object);

    [[nodiscard]] Result<void> read(std::span<std::byte> target, std::uint64_t offset) override;

  private:
    // By requests of our own, or where the network is fast by the server's own pace.
    Result<void> open();
    Result<void> subscribe();
    natsStatus next_message(NatsMessage& message);
    [[nodiscard]] bool has_more() const;
    Result<void> next_chunk();
    Result<void> look_at_silence(natsStatus status);
    // Takes the message of the next chunk, if it is that one.
    Result<void> take(NatsMessage message);
    Result<std::size_t> copy_verified(std::span<std::byte> target);
    std::unexpected<Status> damaged(const std::string& how) const;

    NatsConnection* connection_;
    ChunkPlace place_;
    StoredObject object_;
    std::optional<ChunkInbox> inbox_ = {};
    NatsSubscription subscription_;  // instead of it
    bool is_fast_ = false;
    std::uint64_t generation_ = 0;
    std::uint64_t last_sequence_ = 0;  // in the stream, of the last chunk that was taken
    std::uint64_t taken_ = 0;          // chunks
    std::uint64_t read_bytes_ = 0;
    Deadline silence_;

    NatsMessage chunk_;                       // that is being read
    std::span<const std::byte> rest_;         // of it
    std::optional<std::uint64_t> xxh3_ = {};  // of it; empty: not to be checked any more
};

}  // namespace mapferry::cli
