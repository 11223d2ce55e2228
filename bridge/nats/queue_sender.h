// SPDX-License-Identifier: Apache-2.0
// Puts messages into the stream of a queue, in order, once each, whatever the connection does.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/nats/ack_inbox.h"
#include "bridge/nats/nats_connection.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

// One thread at a time.
class QueueSender {
  public:
    // `command` and `connection` must outlive it.
    QueueSender(const BridgeCommand& command, NatsConnection& connection);

    // Makes the stream and waits until --readers importers are known.
    [[nodiscard]] Result<void> open();
    // Takes a message. May wait: for room in the window, and with a full server for the importers.
    [[nodiscard]] Result<void> send(const char* kind, std::span<const std::byte> body);
    [[nodiscard]] Result<void> send(const char* kind, std::string_view text);
    // The same for bytes of any size, as chunks.
    [[nodiscard]] Result<void> send_chunks(std::span<const std::byte> bytes);
    // Waits until the server has stored everything.
    [[nodiscard]] Result<void> drain();

  private:
    static constexpr std::uint64_t kBurstMost = 8192;
    static constexpr std::uint64_t kBurstLeast = 2;

    struct Sent {
        std::uint64_t index = 0;  // of all messages of this run
        const char* kind = nullptr;
        std::string xxh3;
        std::vector<std::byte> body;
        std::uint64_t bytes = 0;
    };

    Result<void> make_stream();
    Result<void> await_readers();
    Result<void> await_room(std::uint64_t most_bytes);
    std::optional<NatsAck> take_answer();
    Result<void> recover(const NatsAck& trouble);
    Result<void> before_recovery(const NatsAck& trouble);
    natsStatus publish_more();
    natsStatus publish(const Sent& sent);

    const BridgeCommand* command_;
    NatsConnection* connection_;
    std::string stream_;
    std::string subject_;
    std::optional<AckInbox> inbox_;
    std::uint64_t generation_ = 0;
    std::uint64_t base_ = 0;  // the stream's last sequence before the first message of this run
    std::uint64_t next_ = 0;  // the index of the next message
    std::uint64_t published_ = 0;  // the index of the next one that goes out, again or first
    // How many may be under way: few after the server was full, and more with each answer.
    std::uint64_t burst_ = kBurstMost;
    std::deque<Sent> open_;  // that the server has not acknowledged
    std::uint64_t open_bytes_ = 0;
    Deadline silence_;
    bool told_full_ = false;
};

}  // namespace mapferry::cli
