// SPDX-License-Identifier: Apache-2.0
// The newest frames of a stream, through a NATS server that holds a few of them in memory:
//
//     stream MFF_place, in memory, one message a subject, direct gets
//       mff.place.<slot>.<chunk>  a part of a frame; a later frame of the same slot replaces it
//         Mapferry-Frame: epoch:ordinal:chunk
//         Mapferry-Xxh3: ...
//       mff.place.news            the newest frame: its record (live/frame_record.h), last
//       mff.place.about           what the stream says of itself
//       mff.place.owner           the exporter that is at work, once a second
//       mff.place.wish            an importer asks for a frame that stays (live/frame_slots.h)
//
// An importer waits for the news and then gets the parts. What was replaced meanwhile shows by its
// header, so no frame is ever made of two, and a slow importer leaves frames out.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "bridge/live/frame_record.h"
#include "bridge/nats/nats_connection.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

inline constexpr const char* kFrameHeader = "Mapferry-Frame";
// What stands behind the place in a subject.
inline constexpr const char* kFrameNews = "news";
inline constexpr const char* kFrameWish = "wish";

[[nodiscard]] std::string frame_stream(std::string_view place);  // MFF_place
[[nodiscard]] std::string frame_subject(std::string_view place, std::string_view what);
[[nodiscard]] std::string frame_chunk_subject(std::string_view place, std::uint64_t slot,
                                              std::uint64_t chunk);
// The value of the header.
[[nodiscard]] std::string frame_mark(const FrameRecord& record, std::uint64_t chunk);
[[nodiscard]] std::uint64_t frame_chunks(const FrameRecord& record);

// Until the stream ends (--once) or a signal comes. kCannotCreate: another exporter has the place.
[[nodiscard]] Result<void> export_frames(const BridgeCommand& command, NatsConnection& connection);
[[nodiscard]] Result<void> import_frames(const BridgeCommand& command, NatsConnection& connection);

// Publishes a message whose answer nobody waits for. Returns the status of the connection.
[[nodiscard]] natsStatus publish_plain(NatsConnection& connection, const std::string& subject,
                                       std::string_view body);
[[nodiscard]] std::string_view text_of(natsMsg* message);

}  // namespace mapferry::cli
