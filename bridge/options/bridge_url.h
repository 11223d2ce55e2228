// SPDX-License-Identifier: Apache-2.0
// Where something lies in an engine: nats://HOST[:PORT]/PLACE[/OBJECT], tls:// for the same with
// TLS, s3://BUCKET/KEY or s3://BUCKET/PREFIX/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::cli {

enum class Engine : std::uint8_t { kNats, kS3 };
enum class Transport : std::uint8_t { kPlain, kTls };

struct BridgeUrl {
    Engine engine = Engine::kNats;
    Transport transport = Transport::kPlain;
    std::string host = {};      // without brackets; empty for s3
    std::uint16_t port = 4222;  // nats
    std::string place = {};     // the bucket or stream; empty: all of them
    std::string object = {};    // the object in the bucket; empty: not given
    std::string prefix = {};    // s3: what the keys of all objects begin with; ends with a slash

    // Whether the bytes stay on this machine.
    [[nodiscard]] bool is_loopback() const;
    // The server as messages name it, and as its client library takes it: "tls://hub:4222".
    [[nodiscard]] std::string server() const;
    // The whole address, for messages.
    [[nodiscard]] std::string text() const;
};

// kUsage: the text is no such address; it has a user or a password, which the process list would
// show to everybody; or the place has characters other than A-Z a-z 0-9 _ -, or more than 64.
[[nodiscard]] Result<BridgeUrl> parse_bridge_url(std::string_view text);

}  // namespace mapferry::cli
