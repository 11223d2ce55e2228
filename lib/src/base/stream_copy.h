// SPDX-License-Identifier: Apache-2.0
// Copying past the caches: for bytes that no thread on this processor will read soon.
#pragma once

#include <cstddef>
#include <span>

namespace mapferry::inline v1 {

// REQUIRES: target.size() >= source.size(). When it returns the bytes are in memory, before any
// later store of this thread. Where the processor has no such stores it is memcpy.
void stream_copy(std::span<std::byte> target, std::span<const std::byte> source);

}  // namespace mapferry::inline v1
