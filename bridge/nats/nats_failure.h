// SPDX-License-Identifier: Apache-2.0
// What the statuses of the NATS client library mean for a bridge.
#pragma once

#include <nats/nats.h>

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// A call's result: the library's status, and the server's own number of the failure if it gave one.
struct NatsAnswer {
    natsStatus status = NATS_OK;
    jsErrCode code = static_cast<jsErrCode>(0);
};

// Whether the failure is one of the connection, which may come back, and not an answer.
[[nodiscard]] bool is_connection_trouble(const NatsAnswer& answer);
// Whether the connection was refused for good: wrong certificate, user or password.
[[nodiscard]] bool is_refusal(natsStatus status);
// Whether the server has no room.
[[nodiscard]] bool is_full(const NatsAnswer& answer);

// The failure as an error. `what` is what could not be done: "store the object". `server` names
// the server.
[[nodiscard]] Status nats_failure(const NatsAnswer& answer, const std::string& what,
                                  const std::string& server);

}  // namespace mapferry::cli
