// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_download.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kObjectLook{100};
constexpr int kPendingMessages = 65'536;
constexpr int kPendingBytes = 256 << 20;

std::optional<std::uint64_t> xxh3_of(natsMsg* message) {
    const char* digits = nullptr;
    if (natsMsgHeader_Get(message, kXxh3Header, &digits) != NATS_OK) return std::nullopt;
    return number_of_hex64(digits);
}

std::optional<std::uint64_t> index_of(natsMsg* message) {
    const char* id = nullptr;
    if (natsMsgHeader_Get(message, kMessageIdHeader, &id) != NATS_OK) return std::nullopt;
    return chunk_index(id);
}

}  // namespace

NatsDownload::NatsDownload(NatsConnection& connection, ChunkPlace place, const StoredObject& object)
    : connection_(&connection), place_(std::move(place)), object_(object), silence_(kNatsSilence) {}

std::unexpected<Status> NatsDownload::damaged(const std::string& how) const {
    return fail(Code::kCorrupt,
                fmt::format("the object {} is damaged: chunk {} {}", in_quotes(object_.name),
                            taken_ == 0 ? 0 : taken_ - 1, how));
}

Result<void> NatsDownload::open() {
    if (is_fast_) {
        if (auto subscribed = subscribe(); !subscribed) return subscribed;
    } else {
        auto opened =
            ChunkInbox::open(*connection_, place_, last_sequence_, object_.parts - taken_);
        if (!opened) return std::unexpected(opened.error());
        inbox_.emplace(std::move(*opened));
    }
    generation_ = connection_->generation();
    silence_ = Deadline(kNatsSilence);
    return {};
}

Result<void> NatsDownload::subscribe() {
    auto asked = connection_->ask("read the object", [&](jsErrCode& code) {
        jsSubOptions options;
        jsSubOptions_Init(&options);
        options.Stream = place_.stream.c_str();
        options.Ordered = true;
        options.Config.DeliverPolicy = js_DeliverByStartSequence;
        options.Config.OptStartSeq = last_sequence_ + 1;
        return js_SubscribeSync(Filled(subscription_), connection_->jetstream(),
                                place_.subject().c_str(), nullptr, &options, &code);
    });
    if (!asked) return asked;
    // Far beyond what flow control lets come.
    natsSubscription_SetPendingLimits(subscription_.get(), kPendingMessages, kPendingBytes);
    return {};
}

natsStatus NatsDownload::next_message(NatsMessage& message) {
    if (inbox_) return inbox_->next(message, kObjectLook);
    return natsSubscription_NextMsg(Filled(message), subscription_.get(), kObjectLook.count());
}

bool NatsDownload::has_more() const {
    return inbox_ ? inbox_->has_more() : has_message(subscription_.get());
}

Result<void> NatsDownload::take(NatsMessage message) {
    const std::uint64_t sequence = sequence_of(message.get());
    if (sequence <= last_sequence_) return {};  // again
    last_sequence_ = sequence;
    ++taken_;
    const auto bytes =
        std::as_bytes(std::span(natsMsg_GetData(message.get()),
                                static_cast<std::size_t>(natsMsg_GetDataLength(message.get()))));
    if (taken_ > object_.parts || read_bytes_ + bytes.size() > object_.bytes)
        return damaged("is one too many");
    xxh3_ = xxh3_of(message.get());
    if (object_.record) {
        if (index_of(message.get()) != std::optional(taken_ - 1))
            return damaged("is not the one that follows");
        if (!xxh3_) return damaged("has no checksum");
    }
    chunk_ = std::move(message);
    rest_ = bytes;
    return {};
}

// No chunk has come for a while.
Result<void> NatsDownload::look_at_silence(natsStatus status) {
    if (status == NATS_TIMEOUT && connection_->generation() == generation_ && !silence_.is_over())
        return connection_->watch().go_on();
    // The answer comes behind all that the server has sent before on the same connection.
    const auto last = last_message(*connection_, place_.stream, place_.subject());
    if (!last) return std::unexpected(last.error());
    const bool is_lost = connection_->generation() != generation_;
    silence_ = Deadline(kNatsSilence);
    if (status == NATS_TIMEOUT && !is_lost && has_more()) return {};  // a slow network
    inbox_.reset();
    subscription_.reset();
    is_fast_ = false;
    if (!*last || natsMsg_GetSequence(last->get()) <= last_sequence_)
        return fail(Code::kCorrupt,
                    fmt::format("the object {} is damaged or was removed: it has {} of {} chunks",
                                in_quotes(object_.name), taken_, object_.parts));
    if (is_lost && taken_ != 0) connection_->watch().resumed(read_bytes_, object_.bytes);
    return {};
}

Result<void> NatsDownload::next_chunk() {
    while (rest_.empty()) {
        if (inbox_ && inbox_->is_fast()) {
            inbox_.reset();
            is_fast_ = true;
        }
        if (!inbox_ && !subscription_) {
            if (auto opened = open(); !opened) return opened;
        }
        NatsMessage message;
        const natsStatus status = next_message(message);
        if (status == NATS_OK) {
            silence_ = Deadline(kNatsSilence);
            if (auto taken = take(std::move(message)); !taken) return taken;
        } else if (auto looked = look_at_silence(status); !looked) {
            return looked;
        }
    }
    return {};
}

// Copies a part of the chunk. A chunk that fits is verified where it goes, others before.
Result<std::size_t> NatsDownload::copy_verified(std::span<std::byte> target) {
    const std::size_t count = std::min(target.size(), rest_.size());
    const bool is_whole = count == rest_.size();
    if (xxh3_ && !is_whole) {
        if (xxh3_64(rest_) != *xxh3_) return damaged("has another checksum");
        xxh3_.reset();
    }
    std::memcpy(target.data(), rest_.data(), count);
    if (xxh3_ && xxh3_64(target.first(count)) != *xxh3_) return damaged("has another checksum");
    rest_ = rest_.subspan(count);
    if (rest_.empty()) {
        xxh3_.reset();
        chunk_.reset();
    }
    return count;
}

Result<void> NatsDownload::read(std::span<std::byte> target, std::uint64_t offset) {
    if (offset != read_bytes_) return fail(Code::kUsage, "an object is read in order");
    while (!target.empty()) {
        if (auto next = next_chunk(); !next) return next;
        const auto copied = copy_verified(target);
        if (!copied) return std::unexpected(copied.error());
        target = target.subspan(*copied);
        read_bytes_ += *copied;
    }
    return {};
}

}  // namespace mapferry::cli
