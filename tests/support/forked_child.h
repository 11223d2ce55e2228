// SPDX-License-Identifier: Apache-2.0
// Runs a part of a test in a child of fork().
#pragma once

#include <functional>
#include <string>

namespace mapferry::testing {

// Runs `act` in a child of this process, which then ends without running anything else. Returns an
// empty text when no expectation of `act` failed, otherwise a description of the child's end. A
// child that hangs is killed. Call this where the process has no thread that the child needs.
[[nodiscard]] std::string failure_in_child(const std::function<void()>& act);

}  // namespace mapferry::testing
