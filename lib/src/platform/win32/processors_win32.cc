// SPDX-License-Identifier: Apache-2.0
#include "platform/processors.h"

#include <windows.h>

#include <algorithm>
#include <bit>

namespace mapferry::inline v1::platform {

std::size_t usable_processors() {
    DWORD_PTR process = 0;
    DWORD_PTR system = 0;
    if (::GetProcessAffinityMask(::GetCurrentProcess(), &process, &system) == 0) return 1;
    return static_cast<std::size_t>(std::max(std::popcount(process), 1));
}

}  // namespace mapferry::inline v1::platform
