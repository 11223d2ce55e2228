// SPDX-License-Identifier: Apache-2.0
#include "support/physical_page.h"

namespace mapferry::testing {

// Windows keeps the numbers of pages to itself.
std::string physical_page(const void*) {
    return {};
}

}  // namespace mapferry::testing
