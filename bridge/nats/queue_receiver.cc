// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/queue_receiver.h"

#include <algorithm>

#include "bridge/nats/nats_objects.h"
#include "bridge/nats/nats_queue.h"
#include "bridge/nats/nats_stream.h"
#include "bridge/record/ascii_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/hash.h"

namespace mapferry::cli {

namespace {

constexpr int kFetchMost = 16;
constexpr std::int64_t kFetchMs = 250;
constexpr std::int64_t kOpenMost = 64;
// What was fetched and not acknowledged comes again after this time.
constexpr std::int64_t kAgainNs = 2'000'000'000;
constexpr const char* kReceiveStream = "receive the stream";

}  // namespace

QueueReceiver::QueueReceiver(NatsConnection& connection, std::string place, std::string reader_id)
    : connection_(&connection),
      stream_(queue_stream(place)),
      subject_(queue_subject(place)),
      reader_id_(std::move(reader_id)) {}

Result<void> QueueReceiver::open() {
    auto made = connection_->ask("take part in " + stream_, [&](jsErrCode& code) {
        jsConsumerConfig config;
        jsConsumerConfig_Init(&config);
        config.Durable = reader_id_.c_str();
        config.AckPolicy = js_AckExplicit;
        config.AckWait = kAgainNs;
        config.MaxAckPending = kOpenMost;
        return js_AddConsumer(nullptr, connection_->jetstream(), stream_.c_str(), &config, nullptr,
                              &code);
    });
    if (!made) return made;
    if (auto found = find_place(); !found) return found;
    return subscribe();
}

// Where an earlier run of this importer has ended: its messages come again, but perhaps behind
// newer ones. 0: this importer is new.
Result<void> QueueReceiver::find_place() {
    std::uint64_t confirmed = 0;
    auto asked = connection_->ask("take part in " + stream_, [&](jsErrCode& code) {
        ConsumerInfo consumer;
        const natsStatus status =
            js_GetConsumerInfo(Filled(consumer), connection_->jetstream(), stream_.c_str(),
                               reader_id_.c_str(), nullptr, &code);
        if (status == NATS_OK) confirmed = consumer->AckFloor.Stream;
        return status;
    });
    if (!asked) return asked;
    const auto stream = existing_stream(*connection_, stream_);
    if (!stream) return std::unexpected(stream.error());
    const std::uint64_t first = (*stream)->State.FirstSeq;
    last_ = confirmed == 0 ? 0 : std::max(confirmed, first == 0 ? 0 : first - 1);
    return {};
}

Result<void> QueueReceiver::subscribe() {
    auto asked = connection_->ask(kReceiveStream, [&](jsErrCode& code) {
        jsSubOptions options;
        jsSubOptions_Init(&options);
        options.Stream = stream_.c_str();
        options.Consumer = reader_id_.c_str();
        return js_PullSubscribe(Filled(subscription_), connection_->jetstream(), subject_.c_str(),
                                reader_id_.c_str(), nullptr, &options, &code);
    });
    if (asked) generation_ = connection_->generation();
    return asked;
}

Result<void> QueueReceiver::fetch() {
    if (generation_ != connection_->generation()) {
        if (auto ready = connection_->ready(); !ready) return ready;
        subscription_.reset();
        if (auto again = subscribe(); !again) return again;
    }
    natsMsgList list = {};
    jsErrCode code = static_cast<jsErrCode>(0);
    const natsStatus status =
        natsSubscription_Fetch(&list, subscription_.get(), kFetchMost, kFetchMs, &code);
    for (int i = 0; i < list.Count; ++i) {
        fetched_.emplace_back(list.Msgs[i]);
        list.Msgs[i] = nullptr;
    }
    natsMsgList_Destroy(&list);
    if (status == NATS_OK || status == NATS_TIMEOUT) return connection_->ready();
    if (auto again = connection_->before_next_attempt({status, code}, kReceiveStream); !again)
        return again;
    subscription_.reset();
    return subscribe();
}

Result<QueueMessage> QueueReceiver::verified(NatsMessage message, std::uint64_t sequence) const {
    QueueMessage taken = {.message = std::move(message), .sequence = sequence};
    natsMsg* const raw = taken.message.get();
    taken.body = std::as_bytes(
        std::span(natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))));
    const char* kind = nullptr;
    const char* xxh3 = nullptr;
    if (natsMsgHeader_Get(raw, kKindHeader, &kind) != NATS_OK ||
        natsMsgHeader_Get(raw, kXxh3Header, &xxh3) != NATS_OK ||
        to_hex64(xxh3_64(taken.body)) != xxh3)
        return fail(Code::kCorrupt, "a message of " + stream_ + " at " +
                                        connection_->watch().server() + " is damaged");
    taken.kind = kind;
    return taken;
}

// Messages come again, and then perhaps out of turn, after a break. What was taken is acknowledged
// again. What is too early comes again in its turn.
Result<std::optional<QueueMessage>> QueueReceiver::next() {
    if (auto going = connection_->watch().go_on(); !going) return std::unexpected(going.error());
    if (fetched_.empty()) {
        if (auto fetched = fetch(); !fetched) return std::unexpected(fetched.error());
    }
    while (!fetched_.empty()) {
        NatsMessage message = std::move(fetched_.front());
        fetched_.pop_front();
        const std::uint64_t sequence = sequence_of(message.get());
        if (sequence <= last_ && last_ != 0) {
            (void)natsMsg_Ack(message.get(), nullptr);
            continue;
        }
        if (last_ != 0 && sequence != last_ + 1) continue;
        last_ = sequence;
        auto taken = verified(std::move(message), sequence);
        if (!taken) return std::unexpected(taken.error());
        return std::move(*taken);
    }
    return std::nullopt;
}

void QueueReceiver::done(const QueueMessage& message) {
    // An answer that is lost: the message comes again, and is acknowledged again.
    (void)natsMsg_Ack(message.message.get(), nullptr);
}

}  // namespace mapferry::cli
