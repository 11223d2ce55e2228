// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/queue_sender.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/detail/units.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kQueueWindowBytes = std::uint64_t{8} << 20;
constexpr std::uint64_t kMessageCost = 1024;  // of a small message, so that few are open too
constexpr std::chrono::milliseconds kSenderLook{100};
constexpr std::chrono::milliseconds kFullPause{50};
constexpr const char* kSendStream = "send the stream";

bool is_full_for_now(const NatsAck& ack) {
    return ack.text.contains("maximum bytes exceeded") ||
           ack.text.contains("maximum messages exceeded");
}

// Refused because a message before it was refused, or because another exporter wrote.
bool is_out_of_turn(const NatsAck& ack) {
    return ack.failure.code == JSStreamWrongLastSequenceErr;
}

}  // namespace

QueueSender::QueueSender(const BridgeCommand& command, NatsConnection& connection)
    : command_(&command),
      connection_(&connection),
      stream_(queue_stream(command.url.place)),
      subject_(queue_subject(command.url.place)),
      silence_(kNatsSilence) {}

Result<void> QueueSender::make_stream() {
    std::array subjects = {subject_.c_str()};
    jsStreamConfig config = stream_config(stream_, subjects);
    config.Retention = js_InterestPolicy;
    config.Discard = js_DiscardNew;
    config.MaxBytes = static_cast<std::int64_t>(command_->store_bytes);
    return make_missing_stream(*connection_, config);
}

Result<void> QueueSender::await_readers() {
    bool told = false;
    while (true) {
        const auto info = existing_stream(*connection_, stream_);
        if (!info) return std::unexpected(info.error());
        if (static_cast<std::uint64_t>((*info)->State.Consumers) >= command_->readers) return {};
        if (!told) connection_->watch().messages().note("waiting for importers");
        told = true;
        if (auto slept = connection_->watch().pause(kSenderLook); !slept) return slept;
    }
}

Result<void> QueueSender::open() {
    if (auto made = make_stream(); !made) return made;
    if (auto came = await_readers(); !came) return came;
    const auto info = existing_stream(*connection_, stream_);
    if (!info) return std::unexpected(info.error());
    base_ = (*info)->State.LastSeq;
    auto inbox = AckInbox::open(*connection_);
    if (!inbox) return std::unexpected(inbox.error());
    inbox_.emplace(std::move(*inbox));
    generation_ = connection_->generation();
    return {};
}

natsStatus QueueSender::publish(const Sent& sent) {
    NatsMessage message;
    natsStatus status = natsMsg_Create(
        Filled(message), subject_.c_str(), inbox_->reply_for(sent.index).c_str(),
        reinterpret_cast<const char*>(sent.body.data()), static_cast<int>(sent.body.size()));
    const std::string before = std::to_string(base_ + sent.index);
    const std::pair<const char*, const char*> headers[] = {
        {kKindHeader, sent.kind},
        {kXxh3Header, sent.xxh3.c_str()},
        {"Nats-Expected-Last-Sequence", before.c_str()}};
    for (const auto& [name, value] : headers)
        if (status == NATS_OK) status = natsMsgHeader_Set(message.get(), name, value);
    return status == NATS_OK ? natsConnection_PublishMsg(connection_->get(), message.get())
                             : status;
}

natsStatus QueueSender::publish_more() {
    while (published_ < next_ && published_ - open_.front().index < burst_) {
        const Sent& sent = open_[static_cast<std::size_t>(published_ - open_.front().index)];
        if (const natsStatus status = publish(sent); status != NATS_OK) return status;
        ++published_;
    }
    return NATS_OK;
}

Result<void> QueueSender::send(const char* kind, std::string_view text) {
    return send(kind, std::as_bytes(std::span(text)));
}

Result<void> QueueSender::send(const char* kind, std::span<const std::byte> body) {
    if (auto room = await_room(kQueueWindowBytes); !room) return room;
    if (open_.empty()) silence_ = Deadline(kNatsSilence);
    open_.push_back({.index = next_++,
                     .kind = kind,
                     .xxh3 = {},
                     .body = {body.begin(), body.end()},
                     .bytes = std::max<std::uint64_t>(body.size(), kMessageCost)});
    // Over our own copy: what is sent is what was hashed.
    open_.back().xxh3 = to_hex64(xxh3_64(open_.back().body));
    open_bytes_ += open_.back().bytes;
    const natsStatus status = publish_more();
    return status == NATS_OK ? Result<void>() : recover({.failure = {status}});
}

Result<void> QueueSender::send_chunks(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto part = bytes.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), kQueueChunkBytes)));
        if (auto sent = send(kKindChunk, part); !sent) return sent;
        bytes = bytes.subspan(part.size());
    }
    return {};
}

Result<void> QueueSender::drain() {
    return await_room(0);
}

Result<void> QueueSender::await_room(std::uint64_t most_bytes) {
    while (!open_.empty() && open_bytes_ > most_bytes) {
        if (auto going = connection_->watch().go_on(); !going) return going;
        if (const auto trouble = take_answer()) {
            if (auto recovered = recover(*trouble); !recovered) return recovered;
        }
    }
    return {};
}

// The answers come in the order of the messages. Returns what needs recovery.
std::optional<NatsAck> QueueSender::take_answer() {
    auto ack = inbox_->next(kSenderLook);
    if (!ack) {
        if (connection_->generation() != generation_)
            return NatsAck{.failure = {NATS_CONNECTION_DISCONNECTED}};
        if (silence_.is_over()) return NatsAck{.failure = {NATS_TIMEOUT}};
        return std::nullopt;
    }
    if (ack->failure.status != NATS_OK) return ack;
    silence_ = Deadline(kNatsSilence);
    if (ack->index != open_.front().index) return NatsAck{.failure = {NATS_MISMATCH}};
    connection_->watch().connected();
    burst_ = std::min(burst_ * 2, kBurstMost);
    open_bytes_ -= open_.front().bytes;
    open_.pop_front();
    if (open_.empty()) {
        told_full_ = false;
        return std::nullopt;
    }
    const natsStatus status = publish_more();
    if (status != NATS_OK) return NatsAck{.failure = {status}};
    return std::nullopt;
}

Result<void> QueueSender::before_recovery(const NatsAck& trouble) {
    if (is_full_for_now(trouble)) {
        if (!told_full_)
            connection_->watch().messages().note(stream_ + " is full: waiting for its importers");
        told_full_ = true;
        burst_ = kBurstLeast;
        return connection_->watch().pause(kFullPause);
    }
    if (is_out_of_turn(trouble)) return connection_->watch().pause(kFullPause);
    if (trouble.failure.status == NATS_ERR) {
        Status failure = nats_failure(trouble.failure, kSendStream, connection_->watch().server());
        if (!trouble.text.empty()) failure.message = "cannot send the stream: " + trouble.text;
        return std::unexpected(std::move(failure));
    }
    return connection_->before_next_attempt(trouble.failure, kSendStream);
}

// Finds out what the server has, and sends the rest again.
Result<void> QueueSender::recover(const NatsAck& trouble) {
    NatsAck cause = trouble;
    while (true) {
        if (auto going = before_recovery(cause); !going) return going;
        const auto info = existing_stream(*connection_, stream_);
        if (!info) return std::unexpected(info.error());
        const std::uint64_t last = (*info)->State.LastSeq;
        const std::uint64_t first_open = open_.empty() ? next_ : open_.front().index;
        if (last < base_ + first_open || last > base_ + next_)
            return fail(Code::kCannotCreate,
                        "another exporter sends to " + stream_ + " at " +
                            connection_->watch().server() + ", or the stream was replaced",
                        "choose another address, or end that exporter");
        while (!open_.empty() && base_ + open_.front().index < last) {
            open_bytes_ -= open_.front().bytes;
            open_.pop_front();
        }
        auto inbox = AckInbox::open(*connection_);
        if (!inbox) return std::unexpected(inbox.error());
        inbox_.emplace(std::move(*inbox));
        generation_ = connection_->generation();
        silence_ = Deadline(kNatsSilence);
        published_ = open_.empty() ? next_ : open_.front().index;
        const natsStatus status = open_.empty() ? NATS_OK : publish_more();
        if (status == NATS_OK) return {};
        cause = {.failure = {status}};
    }
}

}  // namespace mapferry::cli
