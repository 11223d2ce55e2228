// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/ack_inbox.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bridge/kept/payload_record.h"

namespace mapferry::cli {

namespace {

std::string_view body_of(natsMsg* message) {
    return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

}  // namespace

NatsAck read_ack(std::string_view body) {
    NatsAck ack;
    const auto read = read_json(body, [&ack](const nlohmann::json& object) {
        if (object.contains("error")) {
            const auto& error = object.at("error");
            ack.failure = {NATS_ERR, static_cast<jsErrCode>(error.value("err_code", 0))};
            ack.text = error.value("description", std::string());
            return;
        }
        ack.sequence = object.at("seq").get<std::uint64_t>();
        ack.is_duplicate = object.value("duplicate", false);
    });
    if (!read) ack.failure = {NATS_PROTOCOL_ERROR};
    return ack;
}

Result<AckInbox> AckInbox::open(NatsConnection& connection) {
    natsInbox* inbox = nullptr;
    natsStatus status = natsInbox_Create(&inbox);
    AckInbox made(status == NATS_OK ? std::string(inbox) + "." : std::string());
    natsInbox_Destroy(inbox);
    const auto asked = connection.ask("take answers", [&](jsErrCode&) {
        if (status != NATS_OK) return status;
        const std::string all = made.prefix_ + "*";
        return natsConnection_SubscribeSync(Filled(made.subscription_), connection.get(),
                                            all.c_str());
    });
    if (!asked) return std::unexpected(asked.error());
    return made;
}

std::string AckInbox::reply_for(std::uint64_t index) const {
    return prefix_ + std::to_string(index);
}

NatsAck AckInbox::read(natsMsg* message) const {
    NatsAck ack = natsMsg_IsNoResponders(message) ? NatsAck{.failure = {NATS_NO_RESPONDERS}}
                                                  : read_ack(body_of(message));
    const std::string_view subject = natsMsg_GetSubject(message);
    const std::string_view digits = subject.substr(std::min(subject.size(), prefix_.size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), ack.index);
    return ack;
}

std::optional<NatsAck> AckInbox::next(std::chrono::milliseconds timeout) {
    NatsMessage message;
    const natsStatus status =
        natsSubscription_NextMsg(Filled(message), subscription_.get(), timeout.count());
    if (status == NATS_TIMEOUT) return std::nullopt;
    if (status != NATS_OK) return NatsAck{.failure = {status}};
    return read(message.get());
}

}  // namespace mapferry::cli
