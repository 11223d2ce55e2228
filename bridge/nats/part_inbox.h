// SPDX-License-Identifier: Apache-2.0
// Asks for several messages of a stream at once, by their subjects.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bridge/nats/nats_inbox.h"

namespace mapferry::cli {

class PartInbox {
  public:
    [[nodiscard]] static Result<PartInbox> open(NatsConnection& connection, std::string stream);

    // Asks for the last message of the subject. `number` comes back with it.
    [[nodiscard]] natsStatus ask(NatsConnection& connection, const std::string& subject,
                                 std::uint64_t number);
    struct Part {
        std::uint64_t number = 0;
        NatsMessage message;  // null: there is none
    };
    // Empty: nothing came within the time.
    [[nodiscard]] std::optional<Part> next(std::chrono::milliseconds timeout);

  private:
    PartInbox(NatsInbox inbox, std::string stream)
        : inbox_(std::move(inbox)), stream_(std::move(stream)) {}

    NatsInbox inbox_;
    std::string stream_;
};

}  // namespace mapferry::cli
