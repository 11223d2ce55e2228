// SPDX-License-Identifier: Apache-2.0
// Gets a frame's parts from the server, a few at once, and verifies each where it lies.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "bridge/live/frame_record.h"
#include "bridge/nats/nats_connection.h"
#include "bridge/nats/part_inbox.h"

namespace mapferry::cli {

// What became of a frame.
enum class Fetched : std::uint8_t { kWhole, kReplaced };

class FrameFetch {
  public:
    // `connection` must outlive it. `importer` is a name that no other importer has.
    [[nodiscard]] static Result<FrameFetch> open(NatsConnection& connection, std::string place,
                                                 std::string importer);

    // Fills `target`, which has the frame's size. Nothing is on its way from the server afterwards,
    // unless the connection broke. kCorrupt; otherwise errors as NatsConnection::ready().
    [[nodiscard]] Result<Fetched> fetch(const FrameRecord& record, std::span<std::byte> target);

  private:
    FrameFetch(NatsConnection& connection, std::string place, std::string importer, PartInbox inbox)
        : connection_(&connection),
          place_(std::move(place)),
          importer_(std::move(importer)),
          inbox_(std::move(inbox)) {}

    // Says again, now and then, that this frame must stay.
    void keep(const FrameRecord& record);
    bool ask_more(const FrameRecord& record, std::uint64_t answered);
    Result<Fetched> put_part(const FrameRecord& record, std::uint64_t chunk, natsMsg* message,
                             std::span<std::byte> target) const;
    std::unexpected<Status> damaged() const;

    NatsConnection* connection_;
    std::string place_;
    std::string importer_;
    PartInbox inbox_;
    std::uint64_t base_ = 0;   // answers to the parts of earlier frames have lower numbers
    std::uint64_t asked_ = 0;  // parts of this frame
    // Parts that are on their way at once: few on a slow network, so that the server never has to
    // hold, and to send within its deadline, more than comes in a second.
    std::uint64_t window_ = 4;
    std::chrono::steady_clock::time_point keep_next_ = {};
};

}  // namespace mapferry::cli
