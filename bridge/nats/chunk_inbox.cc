// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/chunk_inbox.h"

#include <fmt/format.h>

#include <algorithm>

namespace mapferry::cli {

namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t kWindowLeast = 2;
constexpr steady_clock::duration kFast = std::chrono::milliseconds(200);
constexpr steady_clock::duration kSlow = std::chrono::seconds(2);
constexpr std::int64_t kForgottenNs = 60'000'000'000;  // the server's consumer, when nobody asks

}  // namespace

Result<ChunkInbox> ChunkInbox::open(NatsConnection& connection, const ChunkPlace& place,
                                    std::uint64_t after, std::uint64_t count) {
    auto inbox = NatsInbox::open(connection);
    if (!inbox) return std::unexpected(inbox.error());
    ChunkInbox made(connection, std::move(*inbox), count);
    const std::string chunks = place.subject();
    const auto asked = connection.ask("read the object", [&](jsErrCode& code) {
        jsConsumerConfig config;
        jsConsumerConfig_Init(&config);
        config.AckPolicy = js_AckNone;
        config.DeliverPolicy = after == 0 ? js_DeliverAll : js_DeliverByStartSequence;
        config.OptStartSeq = after == 0 ? 0 : after + 1;
        config.FilterSubject = chunks.c_str();
        config.InactiveThreshold = kForgottenNs;
        config.MemoryStorage = true;
        ConsumerInfo consumer;
        const natsStatus status = js_AddConsumer(Filled(consumer), connection.jetstream(),
                                                 place.stream.c_str(), &config, nullptr, &code);
        if (status == NATS_OK)
            made.subject_ = "$JS.API.CONSUMER.MSG.NEXT." + place.stream + "." + consumer->Name;
        return status;
    });
    if (!asked) return std::unexpected(asked.error());
    return made;
}

natsStatus ChunkInbox::ask_for_more() {
    if (wanted_ == 0 || window_ >= kFastWindow || open_ > window_ / 2) return NATS_OK;
    const std::uint64_t batch = std::min(wanted_, window_ - open_);
    const std::string request = fmt::format(R"({{"batch":{}}})", batch);
    const natsStatus status = natsConnection_PublishRequestString(
        connection_->get(), subject_.c_str(), inbox_.reply_for(++last_number_).c_str(),
        request.c_str());
    if (status != NATS_OK) return status;
    requests_.push_back({.left = batch, .asked = steady_clock::now()});
    open_ += batch;
    wanted_ -= batch;
    return NATS_OK;
}

// The window grows while what was asked for comes fast, and shrinks where it takes long.
void ChunkInbox::count() {
    if (requests_.empty()) return;  // never, by a server that keeps to its protocol
    --open_;
    if (--requests_.front().left != 0) return;
    const auto took = steady_clock::now() - requests_.front().asked;
    requests_.pop_front();
    // Over a long way every answer takes long: what counts is what the window adds to it.
    best_ = std::min(best_, took);
    if (took < std::min(best_ + kFast, kSlow / 2)) window_ = std::min(2 * window_, kFastWindow);
    if (took > kSlow) window_ = std::max(window_ / 2, kWindowLeast);
}

natsStatus ChunkInbox::next(NatsMessage& chunk, std::chrono::milliseconds timeout) {
    if (const natsStatus asked = ask_for_more(); asked != NATS_OK) return asked;
    std::uint64_t number = 0;  // chunks come under their own subject, without it
    const natsStatus status = inbox_.next(chunk, number, timeout);
    if (status != NATS_OK) return status;
    const char* text = nullptr;  // of an answer that is no chunk: the consumer is gone
    if (natsMsgHeader_Get(chunk.get(), "Status", &text) == NATS_OK) return NATS_NO_RESPONDERS;
    count();
    return NATS_OK;
}

}  // namespace mapferry::cli
