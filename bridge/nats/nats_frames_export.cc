// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "bridge/live/frame_slots.h"
#include "bridge/nats/exporter_place.h"
#include "bridge/nats/nats_frames.h"
#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/frame_reader.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kChunkMost = std::uint64_t{512} << 10;
constexpr std::uint64_t kHeaderRoom = 16384;
constexpr std::chrono::milliseconds kFramesLook{500};
constexpr std::chrono::seconds kLookAtStream{2};
constexpr std::int64_t kFlushMs = 5000;
constexpr const char* kSendFrames = "send frames";

class FramesExport {
  public:
    FramesExport(const BridgeCommand& command, NatsConnection& connection)
        : command_(&command),
          connection_(&connection),
          run_(new_run_name()),
          place_(connection, command.url.place, run_),
          slots_(command.frame_slots) {}

    Result<void> run() {
        if (auto made = make_stream(); !made) return made;
        if (auto taken = place_.take(); !taken) return taken;
        if (auto heard = hear_wishes(); !heard) return heard;
        auto done = follow_writers();
        place_.leave();
        return done;
    }

  private:
    // Every subject keeps its last message alone, so the server holds the frames of the slots.
    Result<void> make_stream() {
        const std::string name = frame_stream(command_->url.place);
        const std::string all = frame_subject(command_->url.place, ">");
        std::array subjects = {all.c_str()};
        jsStreamConfig config = stream_config(name, subjects);
        config.Storage = js_MemoryStorage;
        config.MaxMsgsPerSubject = 1;
        config.AllowDirect = true;
        config.NoAck = true;
        stream_seen_ = std::chrono::steady_clock::now();
        about_version_.reset();
        return connection_->ask("make the stream " + name, [&](jsErrCode& code) {
            return js_AddStream(nullptr, connection_->jetstream(), &config, nullptr, &code);
        });
    }

    Result<void> hear_wishes() {
        return connection_->ask("hear of slow importers", [&](jsErrCode&) {
            return natsConnection_SubscribeSync(
                Filled(wishes_), connection_->get(),
                frame_subject(command_->url.place, kFrameWish).c_str());
        });
    }

    void take_wishes() {
        while (has_message(wishes_.get())) {
            NatsMessage message;
            if (natsSubscription_NextMsg(Filled(message), wishes_.get(), 1) != NATS_OK) return;
            // What is none is left out: it is for the importer to send another.
            const auto wish = parse_wish(text_of(message.get()));
            if (wish) slots_.take(*wish, std::chrono::steady_clock::now());
        }
    }

    // The stream is gone after a restart of the server, and when somebody has removed it.
    Result<void> look_at_stream() {
        place_.announce();
        const bool is_new = generation_ != connection_->generation();
        const auto now = std::chrono::steady_clock::now();
        if (!is_new && now - stream_seen_ < kLookAtStream) return {};
        if (auto ready = connection_->ready(); !ready) return ready;
        generation_ = connection_->generation();
        return make_stream();
    }

    // How long the frames of a dead writer's successor are waited for.
    [[nodiscard]] Timeout successor_timeout() const {
        return command_->once ? command_->common.timeout : Timeout(kForever);
    }

    Result<FrameReader> open_reader() {
        while (true) {
            auto reader = FrameReader::open({.address = command_->common.address,
                                             .timeout = kFramesLook,
                                             .successor_timeout = successor_timeout(),
                                             .stop = &connection_->watch().stop()});
            if (reader) return reader;
            const Code code = reader.error().code;
            if (code != Code::kTimedOut && code != Code::kPeerGone) return reader;
            if (auto looked = look_at_stream(); !looked) return std::unexpected(looked.error());
        }
    }

    Result<void> follow_writers() {
        while (true) {
            auto reader = open_reader();
            if (!reader) return std::unexpected(reader.error());
            if (auto sent = send_stream(*reader); !sent) return sent;
            if (command_->once) return {};
        }
    }

    // The frames until the writer ends its stream. After its death the reader waits for the next.
    Result<void> send_stream(FrameReader& reader) {
        while (true) {
            auto frame = reader.latest(kFramesLook);
            if (!frame && frame.error().code != Code::kTimedOut)
                return std::unexpected(frame.error());
            if (auto looked = look_at_stream(); !looked) return looked;
            if (!frame) continue;
            if (!*frame) return send_end();
            if (auto sent = send_frame(reader, **frame); !sent) return sent;
        }
    }

    FrameRecord record_of(const FrameReader& reader, const Frame& frame) {
        const std::string epoch = fmt::format("{}-{:016x}", run_, frame.epoch());
        if (epoch != last_.epoch) last_ = {.epoch = epoch};
        const std::uint64_t ordinal = last_.ordinal + frame.missed() + 1;
        take_wishes();
        const auto place = slots_.put(epoch, ordinal, std::chrono::steady_clock::now());
        FrameRecord record = {.epoch = epoch,
                              .ordinal = ordinal,
                              .bytes = frame.bytes().size(),
                              .slot = place.slot,
                              .slots = command_->frame_slots,
                              .sent = ++sent_,
                              .stays = place.stays,
                              .chunk_bytes = chunk_bytes(),
                              .frame_limit_bytes = reader.section_info().slot_capacity_bytes,
                              .has_checksum = frame.has_checksum(),
                              .timestamp_unix_ns = frame.timestamp_unix_ns(),
                              .about = reader.description_version() + 1};
        take_notes(frame, record);
        return record;
    }

    [[nodiscard]] std::uint64_t chunk_bytes() const {
        const auto most =
            static_cast<std::uint64_t>(natsConnection_GetMaxPayload(connection_->get()));
        return std::min(kChunkMost, most > 2 * kHeaderRoom ? most - kHeaderRoom : most / 2);
    }

    natsStatus send_chunk(const FrameRecord& record, std::uint64_t chunk,
                          std::span<const std::byte> bytes) {
        NatsMessage message;
        natsStatus status = natsMsg_Create(
            Filled(message), frame_chunk_subject(command_->url.place, record.slot, chunk).c_str(),
            nullptr, reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()));
        if (status != NATS_OK) return status;
        // Over the message's own copy: what is sent is what was hashed.
        const auto copy = std::as_bytes(std::span(text_of(message.get())));
        const std::string xxh3 = to_hex64(xxh3_64(copy));
        status = natsMsgHeader_Set(message.get(), kFrameHeader, frame_mark(record, chunk).c_str());
        if (status == NATS_OK) status = natsMsgHeader_Set(message.get(), kXxh3Header, xxh3.c_str());
        return status == NATS_OK ? natsConnection_PublishMsg(connection_->get(), message.get())
                                 : status;
    }

    natsStatus send_parts(const FrameRecord& record, std::span<const std::byte> bytes) {
        natsStatus status = NATS_OK;
        for (std::uint64_t chunk = 0; status == NATS_OK && !bytes.empty(); ++chunk) {
            const auto part = bytes.first(static_cast<std::size_t>(
                std::min<std::uint64_t>(record.chunk_bytes, bytes.size())));
            status = send_chunk(record, chunk, part);
            bytes = bytes.subspan(part.size());
        }
        return status;
    }

    natsStatus send_about(const FrameReader& reader, std::uint64_t version) {
        if (about_version_ == version) return NATS_OK;
        const auto description = reader.description();
        const StreamRecord about = {.description = description ? description->text : "",
                                    .facts = reader.facts()};
        about_version_ = version;
        return publish_plain(*connection_, frame_subject(command_->url.place, "about"),
                             stream_text(about));
    }

    // A frame that the connection loses counts as missed.
    Result<void> send_frame(const FrameReader& reader, const Frame& frame) {
        if (frame.has_checksum()) {
            if (auto sound = frame.verify(); !sound) return sound;
        }
        const FrameRecord record = record_of(reader, frame);
        last_ = record;
        natsStatus status = send_about(reader, record.about);
        if (status == NATS_OK) status = send_parts(record, frame.bytes());
        return announce(record, status);
    }

    Result<void> send_end() {
        if (last_.epoch.empty()) return {};
        FrameRecord record = {.epoch = last_.epoch, .ordinal = last_.ordinal, .has_ended = true};
        return announce(record, NATS_OK);
    }

    // Waits until the server has all of the frame, so that no frames pile up on the way.
    Result<void> announce(const FrameRecord& record, natsStatus status) {
        if (status == NATS_OK)
            status = publish_plain(*connection_, frame_subject(command_->url.place, kFrameNews),
                                   frame_text(record));
        if (status == NATS_OK) status = natsConnection_FlushTimeout(connection_->get(), kFlushMs);
        if (status == NATS_OK) return {};
        return connection_->before_next_attempt({status}, kSendFrames);
    }

    const BridgeCommand* command_;
    NatsConnection* connection_;
    std::string run_;
    ExporterPlace place_;
    std::uint64_t generation_ = 0;
    std::chrono::steady_clock::time_point stream_seen_ = {};
    FrameSlots slots_;
    NatsSubscription wishes_;
    std::uint64_t sent_ = 0;  // frames
    FrameRecord last_;
    std::optional<std::uint64_t> about_version_;  // that was sent
};

}  // namespace

Result<void> export_frames(const BridgeCommand& command, NatsConnection& connection) {
    return FramesExport(command, connection).run();
}

}  // namespace mapferry::cli
