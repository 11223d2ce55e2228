// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mapferry::cli {

// An importing section has slots as large as those of the exported one, up to this.
inline constexpr std::uint64_t kFarSlotBytesMost = std::uint64_t{64} << 20;

}  // namespace mapferry::cli
