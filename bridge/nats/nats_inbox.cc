// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_inbox.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace mapferry::cli {

Result<NatsInbox> NatsInbox::open(NatsConnection& connection) {
    natsInbox* inbox = nullptr;
    const natsStatus status = natsInbox_Create(&inbox);
    NatsInbox made(status == NATS_OK ? std::string(inbox) + "." : std::string());
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

std::string NatsInbox::reply_for(std::uint64_t number) const {
    return prefix_ + std::to_string(number);
}

natsStatus NatsInbox::next(NatsMessage& answer, std::uint64_t& number,
                           std::chrono::milliseconds timeout) {
    const natsStatus status =
        natsSubscription_NextMsg(Filled(answer), subscription_.get(), timeout.count());
    if (status != NATS_OK) return status;
    const std::string_view subject = natsMsg_GetSubject(answer.get());
    const std::string_view digits = subject.substr(std::min(subject.size(), prefix_.size()));
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return NATS_OK;
}

}  // namespace mapferry::cli
