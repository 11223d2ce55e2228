// SPDX-License-Identifier: Apache-2.0
// Takes the messages of a queue in order, once each, whatever the connection does.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "bridge/nats/nats_connection.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// One message. It stays at the server until done() was called for it.
struct QueueMessage {
    NatsMessage message;
    std::uint64_t sequence = 0;
    std::string kind = {};
    std::span<const std::byte> body = {};  // verified
};

// One thread at a time.
class QueueReceiver {
  public:
    // `connection` must outlive it. `reader_id`: the durable consumer.
    QueueReceiver(NatsConnection& connection, std::string place, std::string reader_id);

    // Makes the consumer, if it is not there. kNotFound: there is no such stream.
    [[nodiscard]] Result<void> open();
    // The next message; empty: none came for a while. kCorrupt: its checksum is wrong.
    [[nodiscard]] Result<std::optional<QueueMessage>> next();
    // The server may forget the message.
    void done(const QueueMessage& message);

  private:
    Result<void> find_place();
    Result<void> subscribe();
    Result<void> fetch();
    Result<QueueMessage> verified(NatsMessage message, std::uint64_t sequence) const;

    NatsConnection* connection_;
    std::string stream_;
    std::string subject_;
    std::string reader_id_;
    NatsSubscription subscription_;
    std::uint64_t generation_ = 0;
    std::uint64_t last_ = 0;  // sequence that was taken; 0: none yet
    std::deque<NatsMessage> fetched_;
};

}  // namespace mapferry::cli
