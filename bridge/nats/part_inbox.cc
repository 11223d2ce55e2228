// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/part_inbox.h"

namespace mapferry::cli {

Result<PartInbox> PartInbox::open(NatsConnection& connection, std::string stream) {
    auto inbox = NatsInbox::open(connection);
    if (!inbox) return std::unexpected(inbox.error());
    return PartInbox(std::move(*inbox), std::move(stream));
}

natsStatus PartInbox::ask(NatsConnection& connection, const std::string& subject,
                          std::uint64_t number) {
    const std::string request = "$JS.API.DIRECT.GET." + stream_ + "." + subject;
    return natsConnection_PublishRequest(connection.get(), request.c_str(),
                                         inbox_.reply_for(number).c_str(), nullptr, 0);
}

std::optional<PartInbox::Part> PartInbox::next(std::chrono::milliseconds timeout) {
    Part part;
    if (inbox_.next(part.message, part.number, timeout) != NATS_OK) return std::nullopt;
    const char* status = nullptr;
    if (natsMsg_IsNoResponders(part.message.get()) ||
        natsMsgHeader_Get(part.message.get(), "Status", &status) == NATS_OK)
        part.message.reset();
    return part;
}

}  // namespace mapferry::cli
