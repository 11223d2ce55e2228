// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): time, random numbers and this process's id.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

[[nodiscard]] std::int64_t monotonic_ns();
[[nodiscard]] std::int64_t unix_ns();
// As of the system's last tick, which may be some milliseconds ago. Cheaper than unix_ns().
[[nodiscard]] std::int64_t coarse_unix_ns();
void sleep_us(std::int64_t microseconds);
[[nodiscard]] std::uint64_t random_u64();  // never 0
[[nodiscard]] std::uint32_t process_id();

}  // namespace mapferry::inline v1::platform
