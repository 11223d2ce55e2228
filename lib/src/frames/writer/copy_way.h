// SPDX-License-Identifier: Apache-2.0
// Whether a frame is copied through the caches or past them.
#pragma once

#include <cstddef>

#include "base/copy_and_hash.h"

namespace mapferry::inline v1 {

// The faster way on this machine to copy a frame of `frame_bytes` bytes. Thread-safe.
[[nodiscard]] CopyWay copy_way(std::size_t frame_bytes);

}  // namespace mapferry::inline v1
