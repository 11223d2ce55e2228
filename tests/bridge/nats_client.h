// SPDX-License-Identifier: Apache-2.0
// A client of a NATS server that writes what it likes, for tests of what the bridge refuses.
#pragma once

#include <cstdint>
#include <string>

#include "bridge/bridge_rig.h"
#include "bridge/nats/nats_handles.h"

namespace mapferry::testing {

// Of a message's body: those of another message, or those that are right.
enum class Checksums : std::uint8_t { kCopied, kRight };

class NatsClient {
  public:
    explicit NatsClient(const NatsServer& server);

    // A message of a stream; the last one of a subject.
    [[nodiscard]] cli::NatsMessage get(const std::string& stream, std::uint64_t sequence) const;
    [[nodiscard]] cli::NatsMessage last(const std::string& stream,
                                        const std::string& subject) const;
    // Stores the body under the subject, with the headers of the bridge that `like` has; null:
    // none.
    void put(const std::string& subject, natsMsg* like, const std::string& body,
             Checksums checksums) const;
    void make_bucket(const std::string& bucket) const;

  private:
    cli::NatsConnectionHandle connection_;
    cli::JetStream jetstream_;
};

[[nodiscard]] std::string body_of(natsMsg* message);

}  // namespace mapferry::testing
