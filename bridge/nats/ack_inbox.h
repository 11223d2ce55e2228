// SPDX-License-Identifier: Apache-2.0
// The server's answers to messages for a stream that were published without waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bridge/nats/nats_inbox.h"

namespace mapferry::cli {

// The answer to one message.
struct NatsAck {
    std::uint64_t index = 0;     // that reply_for() was given
    std::uint64_t sequence = 0;  // in the stream; for a duplicate that of the first one
    bool is_duplicate = false;
    NatsAnswer failure = {};  // NATS_OK: the message is stored
    std::string text = {};    // of the failure, in the server's words
};

// As NatsInbox.
class AckInbox {
  public:
    [[nodiscard]] static Result<AckInbox> open(NatsConnection& connection);

    // The reply subject of a message.
    [[nodiscard]] std::string reply_for(std::uint64_t index) const {
        return inbox_.reply_for(index);
    }
    // Empty: no answer came within the time.
    [[nodiscard]] std::optional<NatsAck> next(std::chrono::milliseconds timeout);

  private:
    explicit AckInbox(NatsInbox inbox) : inbox_(std::move(inbox)) {}

    NatsInbox inbox_;
};

// A failure in the body of an answer of JetStream: its code and text. NATS_OK: there is none.
[[nodiscard]] NatsAck read_ack(std::string_view body);

}  // namespace mapferry::cli
