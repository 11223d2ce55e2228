// SPDX-License-Identifier: Apache-2.0
// Whether a thread of this process waits for something.
#pragma once

#include <string>

namespace mapferry::testing {

// Whether the thread of this name is asleep and has gone to sleep several times already: a thread
// that repeats its wait in slices, as all waits of the library do.
[[nodiscard]] bool thread_waits(const std::string& thread_name);

}  // namespace mapferry::testing
