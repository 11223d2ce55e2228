// SPDX-License-Identifier: Apache-2.0
// Whose process is at the other end of a connection within this machine. One file for each system.
#pragma once

#include <cstdint>
#include <string>

struct sockaddr;

namespace mapferry::cli {

enum class PeerUser : std::uint8_t {
    kThisUser,   // or root
    kOtherUser,  // of this machine
    kUnknown,    // another machine, or the system does not say
};

// The user of the process that connected from `peer`, by the kernel's list of connections.
// REQUIRES: the connection is open.
[[nodiscard]] PeerUser user_of_peer(const sockaddr& peer);

// The name of this machine; empty: unknown.
[[nodiscard]] std::string name_of_machine();

}  // namespace mapferry::cli
