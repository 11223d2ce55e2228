// SPDX-License-Identifier: Apache-2.0
// Asks a stream for the chunks of an object, and takes them in their order.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "bridge/nats/nats_inbox.h"
#include "bridge/nats/nats_upload.h"

namespace mapferry::cli {

// The server sends only what was asked for, and about a second of that is on its way: a server ends
// a connection that takes longer than ten seconds (its write_deadline) for what it wants to send,
// and all of that has to be sent again. As NatsInbox.
class ChunkInbox {
  public:
    // The `count` chunks behind the message `after` of the stream; 0: from the first on.
    [[nodiscard]] static Result<ChunkInbox> open(NatsConnection& connection,
                                                 const ChunkPlace& place, std::uint64_t after,
                                                 std::uint64_t count);

    // Takes the next chunk. NATS_TIMEOUT: none came in time; anything else: open another one.
    [[nodiscard]] natsStatus next(NatsMessage& chunk, std::chrono::milliseconds timeout);
    // Whether next() would not have to wait.
    [[nodiscard]] bool has_more() const { return inbox_.has_more(); }
    // What was asked for came so fast that the server may send as it likes, and all of it has come.
    [[nodiscard]] bool is_fast() const { return window_ >= kFastWindow && open_ == 0; }

  private:
    static constexpr std::uint64_t kFastWindow = 64;  // 8 MiB, with chunks of the usual size

    struct Request {
        std::uint64_t left = 0;  // chunks that have not come
        std::chrono::steady_clock::time_point asked;
    };

    ChunkInbox(NatsConnection& connection, NatsInbox inbox, std::uint64_t count)
        : connection_(&connection), inbox_(std::move(inbox)), wanted_(count) {}

    natsStatus ask_for_more();
    void count();

    NatsConnection* connection_;
    NatsInbox inbox_;
    std::string subject_ = {};  // of a question
    std::uint64_t wanted_;      // chunks that were not asked for
    std::uint64_t window_ = 4;  // chunks that may be on their way
    std::uint64_t open_ = 0;    // chunks that are on their way
    std::uint64_t last_number_ = 0;
    std::deque<Request> requests_ = {};                                 // answered in this order
    std::chrono::steady_clock::duration best_ = std::chrono::hours(1);  // of the answers' times
};

}  // namespace mapferry::cli
