// SPDX-License-Identifier: Apache-2.0
#include "support/private_shm.h"

namespace mapferry::testing {

// Windows has no such view of its named objects for one process.
bool enter_private_shm() {
    return false;
}

}  // namespace mapferry::testing
