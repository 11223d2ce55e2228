// SPDX-License-Identifier: Apache-2.0
// A private /dev/shm: the test sees all sections in it, and removes no section of another test.
#pragma once

namespace mapferry::testing {

// Gives this process and the processes that it starts an empty /dev/shm, and a folder for temporary
// files in it. Call this once, before anything else. False where the system does not allow it: the
// test then uses the common /dev/shm.
[[nodiscard]] bool enter_private_shm();

}  // namespace mapferry::testing
