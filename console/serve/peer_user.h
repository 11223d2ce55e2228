// SPDX-License-Identifier: Apache-2.0
// Whose process is at the other end of a connection within this machine. One file for each system.
#pragma once

#include <cstdint>
#include <string>

namespace mapferry::cli {

enum class PeerUser : std::uint8_t {
    kThisUser,   // or root
    kOtherUser,  // of this machine
    kUnknown,    // another machine, or the system does not say
};

// The user of the process at the other end of a connection, by the kernel's list of connections.
// `socket` is this end. REQUIRES: the connection is open.
[[nodiscard]] PeerUser user_of_peer(int socket);

// The name of this machine; empty: unknown.
[[nodiscard]] std::string name_of_machine();

}  // namespace mapferry::cli
