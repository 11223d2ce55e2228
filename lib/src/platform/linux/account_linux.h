// SPDX-License-Identifier: Apache-2.0
// Users and groups by their names and numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mapferry::inline v1::platform {

// "alice (uid 1001)", or "uid 1001" where the system knows no name.
[[nodiscard]] std::string account_text(std::uint32_t user);

// "group video (gid 44)", or "group gid 4711".
[[nodiscard]] std::string group_text(std::uint32_t group);

// The number of a Sharing::id; empty where it is none. 2^32 - 1 is none: to the system's calls it
// means "as it is".
[[nodiscard]] std::optional<std::uint32_t> account_number(const std::string& id);

}  // namespace mapferry::inline v1::platform
