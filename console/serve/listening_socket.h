// SPDX-License-Identifier: Apache-2.0
// The socket at which the page's server listens. One file for each system.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

struct ListeningSocket {
    int handle = -1;  // the caller closes it
    std::uint16_t port = 0;
};

// Listens at the first of the address's numbers. Port 0: any that is free. kCannotCreate: the port
// is taken; kNotFound: no such address here; kPermission; kSystem.
[[nodiscard]] Result<ListeningSocket> listen_at(const std::string& address, std::uint16_t port);

// Whether only programs of this machine can connect to the address. kNotFound: there is none such.
[[nodiscard]] Result<bool> is_loopback(const std::string& address);

}  // namespace mapferry::cli
