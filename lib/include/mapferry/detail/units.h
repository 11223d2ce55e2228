// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// Sizes for people. Messages, tables and progress lines all print sizes this way.
#pragma once

#include <cstdint>
#include <string>

namespace mapferry::inline v1 {

/// "0 B", "999 B", "24.9 MiB", "4.0 GiB": binary units, one decimal from KiB on.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

}  // namespace mapferry::inline v1
