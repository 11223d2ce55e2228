// SPDX-License-Identifier: Apache-2.0
// How a child process begins on Windows.
#pragma once

#include <windows.h>

#include <array>

#include "platform/handle.h"
#include "support/child_process.h"

namespace mapferry::testing {

// Exit code of a child that the test ended; no program of ours chooses it.
inline constexpr UINT kKilledCode = 0xE0000009;

// Starts the program with these standard streams, the only things of the test's that it inherits,
// and with a hidden console of its own, which takes Ctrl-C. It ends with the test.
[[nodiscard]] platform::Handle start_process(const Launch& launch,
                                             const std::array<HANDLE, 3>& streams);

}  // namespace mapferry::testing
