// SPDX-License-Identifier: Apache-2.0
#include "platform/caches.h"

#include <charconv>
#include <string>

#include "platform/linux/descriptors_linux.h"

namespace mapferry::inline v1::platform {

// "32768K". sysconf(_SC_LEVEL3_CACHE_SIZE) is no help: on processors of several chips the GNU C
// library adds up the caches of all of them.
std::size_t last_cache_bytes() {
    const std::string text = read_system_file("/sys/devices/system/cpu/cpu0/cache/index3/size");
    std::size_t kib = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, kib);
    return error == std::errc{} && rest != end && *rest == 'K' ? kib * 1024 : 0;
}

}  // namespace mapferry::inline v1::platform
