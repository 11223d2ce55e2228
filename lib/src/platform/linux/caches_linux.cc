// SPDX-License-Identifier: Apache-2.0
#include "platform/caches.h"

#include <unistd.h>

namespace mapferry::inline v1::platform {

std::size_t last_cache_bytes() {
#ifdef _SC_LEVEL3_CACHE_SIZE  // the GNU C library's; it answers 0 on many Arm processors
    const long bytes = ::sysconf(_SC_LEVEL3_CACHE_SIZE);
    return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
#else
    return 0;
#endif
}

}  // namespace mapferry::inline v1::platform
