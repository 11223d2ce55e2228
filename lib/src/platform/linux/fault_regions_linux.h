// SPDX-License-Identifier: Apache-2.0
// The mappings of this process, in a form that a signal handler can read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapferry::inline v1::platform {

// A place in the table. kNoRegion: all places are taken, and the mapping is not guarded.
inline constexpr std::uint32_t kNoRegion = ~std::uint32_t{0};
[[nodiscard]] std::uint32_t watch_region(const std::byte* data, std::size_t bytes);
void forget_region(std::uint32_t region);

[[nodiscard]] bool region_is_lost(std::uint32_t region);
[[nodiscard]] bool any_region_was_lost();

// Puts zeros in place of the region that the address lies in; false when it lies in none. Called by
// the handler: allocates nothing and locks nothing.
[[nodiscard]] bool replace_region_at(std::uintptr_t address);

}  // namespace mapferry::inline v1::platform
