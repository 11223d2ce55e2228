// SPDX-License-Identifier: Apache-2.0
// Which frame an importer takes next. One that keeps up takes the newest. One that does not asks
// the exporter for a frame that stays, and takes that.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bridge/live/frame_record.h"
#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

class FrameChoice {
  public:
    // Hears of each frame from here on. `connection` must outlive it; `importer` is a name that no
    // other importer has.
    [[nodiscard]] static Result<FrameChoice> open(NatsConnection& connection, std::string place,
                                                  std::string importer);

    // The frame to take. Empty: none within 100 ms. kCorrupt, kVersion.
    [[nodiscard]] Result<std::optional<FrameRecord>> next();
    // The frame was replaced while it was fetched.
    void fell_behind();
    // The frame has been fetched. kCorrupt, kVersion.
    [[nodiscard]] Result<void> fetched(const FrameRecord& record);

  private:
    FrameChoice(NatsConnection& connection, std::string place, std::string importer)
        : connection_(&connection), place_(std::move(place)), importer_(std::move(importer)) {}

    void wish_next();
    // Reads all news that have come. With `wait`, waits a little for the first.
    enum class Wait : std::uint8_t { kNo, kLittle };
    Result<void> read(Wait wait);
    std::optional<FrameRecord> taken(std::optional<FrameRecord>& record);

    NatsConnection* connection_;
    std::string place_;
    std::string importer_;
    NatsSubscription subscription_;
    std::optional<FrameRecord> newest_;   // that nobody has taken yet
    std::optional<FrameRecord> staying_;  // the newest that stays
    bool keeps_up_ = true;
    std::chrono::steady_clock::time_point wished_ = {};
};

}  // namespace mapferry::cli
