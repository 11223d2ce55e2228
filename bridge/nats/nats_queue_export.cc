// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <optional>

#include "bridge/live/frame_record.h"
#include "bridge/nats/exporter_place.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats/queue_sender.h"
#include "bridge/record/ascii_text.h"
#include "bridge/record/description_json.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/frame_reader.h"
#include "mapferry/reader.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kQueueExportLook{500};

std::string begin_text(const std::string& run, const SectionInfo& section,
                       const nlohmann::json& what, const char* kind) {
    return nlohmann::json({{"version", kRecordVersion},
                           {"run", run},
                           {"slot_bytes", section.slot_capacity_bytes},
                           {kind, what}})
        .dump();
}

std::string end_text(std::uint64_t bytes, const Digest128& digest, bool source_changed) {
    return nlohmann::json({{"bytes", bytes},
                           {"xxh3_128", to_hex(digest.value())},
                           {"source_changed", source_changed}})
        .dump();
}

Result<void> send_payload(Reader& reader, const PayloadInfo& info, const std::string& run,
                          QueueSender& sender) {
    auto begun = sender.send(
        kKindBegin, begin_text(run, reader.section_info(), payload_to_json(info), "payload"));
    if (!begun) return begun;
    Digest128 digest;
    std::uint64_t bytes = 0;
    while (true) {
        const auto piece = reader.read();
        if (!piece) return std::unexpected(piece.error());
        if (piece->empty()) break;
        digest.update(*piece);
        bytes += piece->size();
        if (auto sent = sender.send_chunks(*piece); !sent) return sent;
    }
    const bool changed = reader.summary() && reader.summary()->source_changed;
    if (auto ended = sender.send(kKindEnd, end_text(bytes, digest, changed)); !ended) return ended;
    // The payload counts as delivered when the server has it.
    if (auto stored = sender.drain(); !stored) return stored;
    return reader.acknowledge();
}

// The payloads of one writer.
Result<void> send_stream(Reader& reader, const std::string& run, QueueSender& sender) {
    while (true) {
        auto info = reader.next();
        if (!info) return std::unexpected(info.error());
        if (!*info) break;
        if (auto sent = send_payload(reader, **info, run, sender); !sent) {
            reader.abort(sent.error().code);
            return sent;
        }
    }
    if (auto closed = sender.send(kKindClose, std::string_view()); !closed) return closed;
    if (auto stored = sender.drain(); !stored) return stored;
    return reader.close();
}

// Whether the bridge waits for the next writer. A writer that died has lost its payload, which far
// readers learn from the next one.
bool waits_for_next(const BridgeCommand& command, const Result<void>& sent) {
    return !command.once && (sent || sent.error().code == Code::kPeerGone);
}

// Waits for a writer: without --once as long as it takes.
Result<Reader> open_reader(const BridgeCommand& command, const EngineWatch& watch, bool is_first) {
    return Reader::open({.address = command.common.address,
                         .timeout = is_first ? command.common.timeout : Timeout(kForever),
                         .stall_timeout = command.common.stall_timeout,
                         .stop = &watch.stop()});
}

Result<void> send_frame(const FrameReader& reader, const Frame& frame, const std::string& run,
                        std::uint64_t ordinal, QueueSender& sender) {
    if (frame.has_checksum()) {
        if (auto sound = frame.verify(); !sound) return sound;
    }
    FrameRecord record = {.epoch = run + "-" + to_hex64(frame.epoch()),
                          .ordinal = ordinal,
                          .bytes = frame.bytes().size(),
                          .chunk_bytes = kQueueChunkBytes,
                          .frame_limit_bytes = reader.section_info().slot_capacity_bytes,
                          .has_checksum = frame.has_checksum(),
                          .timestamp_unix_ns = frame.timestamp_unix_ns()};
    take_notes(frame, record);
    auto begun = sender.send(kKindBegin,
                             begin_text(run, reader.section_info(), frame_text(record), "frame"));
    if (!begun) return begun;
    if (auto sent = sender.send_chunks(frame.bytes()); !sent) return sent;
    Digest128 digest;
    digest.update(frame.bytes());
    if (auto ended = sender.send(kKindEnd, end_text(frame.bytes().size(), digest, false)); !ended)
        return ended;
    return sender.drain();
}

// The frames until the writer ends its stream.
Result<void> send_frames(FrameReader& reader, const std::string& run, QueueSender& sender) {
    std::uint64_t ordinal = 0;
    while (true) {
        auto frame = reader.next(kQueueExportLook);
        if (!frame && frame.error().code == Code::kTimedOut) continue;
        if (!frame) return std::unexpected(frame.error());
        if (!*frame) break;
        ordinal += (*frame)->missed() + 1;
        if (auto sent = send_frame(reader, **frame, run, ordinal, sender); !sent) return sent;
    }
    if (auto closed = sender.send(kKindClose, std::string_view()); !closed) return closed;
    return sender.drain();
}

}  // namespace

Result<void> export_stream(const BridgeCommand& command, NatsConnection& connection) {
    QueueSender sender(command, connection);
    if (auto opened = sender.open(); !opened) return opened;
    bool is_first = true;
    while (true) {
        auto reader = open_reader(command, connection.watch(), is_first);
        if (!reader) return std::unexpected(reader.error());
        is_first = false;
        const auto sent = send_stream(*reader, new_run_name(), sender);
        if (!waits_for_next(command, sent)) return sent;
    }
}

Result<void> export_each_frame(const BridgeCommand& command, NatsConnection& connection) {
    QueueSender sender(command, connection);
    if (auto opened = sender.open(); !opened) return opened;
    bool is_first = true;
    while (true) {
        auto reader = FrameReader::open(
            {.address = command.common.address,
             .timeout = is_first ? command.common.timeout : Timeout(kForever),
             .successor_timeout = command.once ? command.common.timeout : Timeout(kForever),
             .stop = &connection.watch().stop()});
        if (!reader) return std::unexpected(reader.error());
        is_first = false;
        const auto sent = send_frames(*reader, new_run_name(), sender);
        if (!waits_for_next(command, sent)) return sent;
    }
}

}  // namespace mapferry::cli
