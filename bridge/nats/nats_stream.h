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

// What the server says of the stream, with the number of messages of each of `subjects`. Null:
// there is no such stream. Errors as NatsConnection::ask().
[[nodiscard]] Result<StreamInfo> find_stream(NatsConnection& connection, const std::string& name,
                                             const std::string& subjects = {});

// The same of a stream that must be there. kNotFound: somebody has removed it.
[[nodiscard]] Result<StreamInfo> existing_stream(NatsConnection& connection,
                                                 const std::string& name);

// The subjects that find_stream() was asked for. `info` owns them.
[[nodiscard]] std::span<const jsStreamStateSubject> subjects_of(const jsStreamInfo& info);

// The last message of the subject. Null: there is none, or no such stream.
[[nodiscard]] Result<NatsMessage> last_message(NatsConnection& connection,
                                               const std::string& stream,
                                               const std::string& subject);

// Makes the stream unless there is one of its name already, whatever its configuration. Errors as
// NatsConnection::ask().
[[nodiscard]] Result<void> make_missing_stream(NatsConnection& connection, jsStreamConfig& config);

}  // namespace mapferry::cli
