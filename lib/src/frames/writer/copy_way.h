// SPDX-License-Identifier: Apache-2.0
// Whether a frame is copied through the caches or past them.
#pragma once

#include <cstddef>

#include "base/copy_and_hash.h"

namespace mapferry::inline v1 {

// The way that is faster on this machine for a frame of so many bytes. Thread-safe.
[[nodiscard]] CopyWay copy_way(std::size_t frame_bytes);

}  // namespace mapferry::inline v1
