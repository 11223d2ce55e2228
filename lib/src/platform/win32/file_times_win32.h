// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// 1970-01-01 in Windows' file times: steps of 100 ns since 1601-01-01.
inline constexpr std::int64_t kUnixEpochTicks = 116'444'736'000'000'000;

}  // namespace mapferry::inline v1::platform
