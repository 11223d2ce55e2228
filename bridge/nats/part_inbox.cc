// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/part_inbox.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace mapferry::cli {

Result<PartInbox> PartInbox::open(NatsConnection& connection, std::string stream) {
    natsInbox* inbox = nullptr;
    const natsStatus status = natsInbox_Create(&inbox);
    PartInbox made(status == NATS_OK ? std::string(inbox) + "." : std::string(), std::move(stream));
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

natsStatus PartInbox::ask(NatsConnection& connection, const std::string& subject,
                          std::uint64_t number) {
    const std::string request = "$JS.API.DIRECT.GET." + stream_ + "." + subject;
    const std::string reply = prefix_ + std::to_string(number);
    return natsConnection_PublishRequest(connection.get(), request.c_str(), reply.c_str(), nullptr,
                                         0);
}

std::optional<PartInbox::Part> PartInbox::next(std::chrono::milliseconds timeout) {
    Part part;
    if (natsSubscription_NextMsg(Filled(part.message), subscription_.get(), timeout.count()) !=
        NATS_OK)
        return std::nullopt;
    const std::string_view subject = natsMsg_GetSubject(part.message.get());
    const std::string_view digits = subject.substr(std::min(subject.size(), prefix_.size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), part.number);
    const char* status = nullptr;
    if (natsMsg_IsNoResponders(part.message.get()) ||
        natsMsgHeader_Get(part.message.get(), "Status", &status) == NATS_OK)
        part.message.reset();
    return part;
}

}  // namespace mapferry::cli
