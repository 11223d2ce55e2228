// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_frames.h"

#include <fmt/format.h>

namespace mapferry::cli {

std::string frame_stream(std::string_view place) {
    return "MFF_" + std::string(place);
}

std::string frame_subject(std::string_view place, std::string_view what) {
    return fmt::format("mff.{}.{}", place, what);
}

std::string frame_chunk_subject(std::string_view place, std::uint64_t slot, std::uint64_t chunk) {
    return fmt::format("mff.{}.{}.{}", place, slot, chunk);
}

std::string frame_mark(const FrameRecord& record, std::uint64_t chunk) {
    return fmt::format("{}:{}:{}", record.epoch, record.ordinal, chunk);
}

std::uint64_t frame_chunks(const FrameRecord& record) {
    if (record.chunk_bytes == 0) return 0;
    return record.bytes / record.chunk_bytes + (record.bytes % record.chunk_bytes != 0 ? 1 : 0);
}

natsStatus publish_plain(NatsConnection& connection, const std::string& subject,
                         std::string_view body) {
    return natsConnection_Publish(connection.get(), subject.c_str(), body.data(),
                                  static_cast<int>(body.size()));
}

std::string_view text_of(natsMsg* message) {
    return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

}  // namespace mapferry::cli
