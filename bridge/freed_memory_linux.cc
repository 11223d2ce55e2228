// SPDX-License-Identifier: Apache-2.0
#include "bridge/freed_memory.h"

#include <malloc.h>

namespace mapferry::cli {

namespace {

// Larger than a message, and less than what one keeps for its whole life.
[[maybe_unused]] constexpr int kOwnMappingBytes = 4 << 20;
[[maybe_unused]] constexpr int kKeptBytes = 32 << 20;

}  // namespace

void keep_freed_memory() {
#if defined(M_MMAP_THRESHOLD) && defined(M_TRIM_THRESHOLD)
    mallopt(M_MMAP_THRESHOLD, kOwnMappingBytes);
    mallopt(M_TRIM_THRESHOLD, kKeptBytes);
#endif
}

}  // namespace mapferry::cli
