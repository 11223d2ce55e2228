// SPDX-License-Identifier: Apache-2.0
// Starts child processes on Windows.
#pragma once

#include <windows.h>

#include <array>

#include "platform/handle.h"
#include "support/child_process.h"

namespace mapferry::testing {

// Exit code of a child that the test ended; none of our programs uses it.
inline constexpr UINT kKilledCode = 0xE0000009;

// Starts the program with these standard streams and with a hidden console of its own, which takes
// Ctrl-C. It inherits nothing else from the test, and ends with the test.
[[nodiscard]] platform::Handle start_process(const Launch& launch,
                                             const std::array<HANDLE, 3>& streams);

}  // namespace mapferry::testing
