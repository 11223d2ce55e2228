// SPDX-License-Identifier: Apache-2.0
/// \file
/// Numbers for people: the one way that messages, tables and progress lines print sizes.
#pragma once

#include <cstdint>
#include <string>

namespace mapferry::inline v1 {

/// "0 B", "999 B", "24.9 MiB", "4.0 GiB": binary units, one decimal from KiB on.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

}  // namespace mapferry::inline v1
