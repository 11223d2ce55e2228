// SPDX-License-Identifier: Apache-2.0
// Users by their names.
#pragma once

#include <cstdint>
#include <string>

namespace mapferry::inline v1::platform {

// "alice (uid 1001)", or "uid 1001" where the system knows no name.
[[nodiscard]] std::string account_text(std::uint32_t user);

}  // namespace mapferry::inline v1::platform
