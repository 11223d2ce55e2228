// SPDX-License-Identifier: Apache-2.0
#include "support/physical_page.h"

namespace mapferry::testing {

// Windows does not show page numbers.
std::string physical_page(const void*) {
    return {};
}

}  // namespace mapferry::testing
