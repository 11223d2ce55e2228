// SPDX-License-Identifier: Apache-2.0
// A /dev/shm of the test's own, so that it sees every section there is and nobody else's test loses
// one to it.
#pragma once

namespace mapferry::testing {

// Gives this process, and those that it starts, an empty /dev/shm, and a folder for temporary files
// on it. Call it once, before anything else. False where the system does not allow it: then the
// common one is used.
[[nodiscard]] bool enter_private_shm();

}  // namespace mapferry::testing
