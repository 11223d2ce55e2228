// SPDX-License-Identifier: Apache-2.0
// A subject of our own that the answers to numbered questions come to.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

// Belongs to the connection as it is now: after it was made anew, no further answers come. One
// thread at a time.
class NatsInbox {
  public:
    // Errors as NatsConnection::ask().
    [[nodiscard]] static Result<NatsInbox> open(NatsConnection& connection);

    // The reply subject of a question.
    [[nodiscard]] std::string reply_for(std::uint64_t number) const;
    // Takes the next answer, and the number of its question. NATS_TIMEOUT: none came in time.
    [[nodiscard]] natsStatus next(NatsMessage& answer, std::uint64_t& number,
                                  std::chrono::milliseconds timeout);

    // Whether an answer is there already.
    [[nodiscard]] bool has_more() const { return has_message(subscription_.get()); }

  private:
    explicit NatsInbox(std::string prefix) : prefix_(std::move(prefix)) {}

    std::string prefix_;  // with its last dot
    NatsSubscription subscription_;
};

}  // namespace mapferry::cli
