// SPDX-License-Identifier: Apache-2.0
// Streams at a NATS server, as the bridge makes them.
#pragma once

#include <span>
#include <string>

#include "bridge/nats/nats_connection.h"

namespace mapferry::cli {

// A configuration with these subjects and the server's defaults. `name` and `subjects` must outlive
// it.
[[nodiscard]] jsStreamConfig stream_config(const std::string& name,
                                           std::span<const char*> subjects);

// Makes the stream unless there is one of its name already, whatever its configuration. Errors as
// NatsConnection::ask().
[[nodiscard]] Result<void> make_missing_stream(NatsConnection& connection, jsStreamConfig& config);

}  // namespace mapferry::cli
