// SPDX-License-Identifier: Apache-2.0
// The sizes of the payloads of question "small". The faulty hash finds payloads among all that is
// hashed by these sizes, so it needs them too.
#pragma once

#include <array>
#include <cstddef>

namespace mapferry::bench {

inline constexpr std::array<std::size_t, 3> kPayloadSizes = {64, 1024, 4096};
inline constexpr std::size_t kQuickPayloadBytes = 4096;  // the only size at the level "quick"

}  // namespace mapferry::bench
