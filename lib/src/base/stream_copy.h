// SPDX-License-Identifier: Apache-2.0
// Copying past the caches: for bytes that nobody on this processor will look at soon.
#pragma once

#include <cstddef>
#include <span>

namespace mapferry::inline v1 {

// target.size() >= source.size(). The bytes are in memory, before any later store of this thread,
// when it returns. Where the processor has no such stores it is memcpy.
void stream_copy(std::span<std::byte> target, std::span<const std::byte> source);

}  // namespace mapferry::inline v1
