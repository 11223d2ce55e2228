// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/ack_inbox.h"
#include "bridge/record/read_json.h"

#include <nlohmann/json.hpp>

namespace mapferry::cli {

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
    auto inbox = NatsInbox::open(connection);
    if (!inbox) return std::unexpected(inbox.error());
    return AckInbox(std::move(*inbox));
}

std::optional<NatsAck> AckInbox::next(std::chrono::milliseconds timeout) {
    NatsMessage message;
    std::uint64_t index = 0;
    const natsStatus status = inbox_.next(message, index, timeout);
    if (status == NATS_TIMEOUT) return std::nullopt;
    if (status != NATS_OK) return NatsAck{.failure = {status}};
    NatsAck ack = natsMsg_IsNoResponders(message.get()) ? NatsAck{.failure = {NATS_NO_RESPONDERS}}
                                                        : read_ack(body_of(message.get()));
    ack.index = index;
    return ack;
}

}  // namespace mapferry::cli
