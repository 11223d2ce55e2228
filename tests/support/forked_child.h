// SPDX-License-Identifier: Apache-2.0
// A piece of a test in a child of fork().
#pragma once

#include <functional>
#include <string>

namespace mapferry::testing {

// Runs `act` in a child of this process, which then ends without running anything else. Empty when
// no expectation of `act` failed; else what became of it. A child that hangs is killed. Call it
// where this process has no thread that a test needs in the child.
[[nodiscard]] std::string failure_in_child(const std::function<void()>& act);

}  // namespace mapferry::testing
