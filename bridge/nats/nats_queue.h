// SPDX-License-Identifier: Apache-2.0
// Streams, texts, and frames of which each reader gets every one, through a NATS server that keeps
// what an importer has not had yet:
//
//     stream MFQ_place, in a file, interest retention, "discard new", one subject mfq.place
//       Mapferry-Kind: begin  JSON: a payload (its description) or a frame (live/frame_record.h)
//                      chunk  bytes, with Mapferry-Xxh3
//                      end    JSON: the bytes and the XXH3-128 over them
//                      close  the source has ended its stream
//       Nats-Expected-Last-Sequence: each message follows the one before it, so nothing is stored
//                      twice or with a gap, and a second exporter is refused
//
// Each importer is a durable consumer. A message leaves the server when all of them have
// acknowledged it. A server that is full refuses, the exporter waits, and so the local writer
// waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/nats/nats_connection.h"
#include "bridge/options/bridge_command.h"

namespace mapferry::cli {

inline constexpr const char* kKindHeader = "Mapferry-Kind";
inline constexpr const char* kKindBegin = "begin";
inline constexpr const char* kKindChunk = "chunk";
inline constexpr const char* kKindEnd = "end";
inline constexpr const char* kKindClose = "close";
inline constexpr std::uint64_t kQueueChunkBytes = std::uint64_t{256} << 10;

[[nodiscard]] std::string queue_stream(std::string_view place);   // MFQ_place
[[nodiscard]] std::string queue_subject(std::string_view place);  // mfq.place

// Until the stream ends (--once) or a signal comes. kCannotCreate: another exporter has the place;
// kIo: the server's disk is full.
[[nodiscard]] Result<void> export_stream(const BridgeCommand& command, NatsConnection& connection);
[[nodiscard]] Result<void> export_each_frame(const BridgeCommand& command,
                                             NatsConnection& connection);
[[nodiscard]] Result<void> import_queue(const BridgeCommand& command, NatsConnection& connection);

}  // namespace mapferry::cli
