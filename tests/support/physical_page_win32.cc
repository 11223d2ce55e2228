// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "support/physical_page.h"

namespace mapferry::testing {

// Windows does not show page numbers.
std::string physical_page(const void*) {
    return {};
}

std::size_t page_bytes() {
    SYSTEM_INFO info{};
    GetSystemInfo(&info);
    return info.dwPageSize;
}

}  // namespace mapferry::testing
