// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): the processor's caches.
#pragma once

#include <cstddef>

namespace mapferry::inline v1::platform {

// The bytes of the last cache before memory, which processors share; 0 where the system does not
// say. Asks the system each time.
[[nodiscard]] std::size_t last_cache_bytes();

}  // namespace mapferry::inline v1::platform
