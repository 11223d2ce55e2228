// SPDX-License-Identifier: Apache-2.0
// The end of a benchmark that can't go on.
#pragma once

#include <string>

namespace mapferry::bench {

// Ends this process with a message: a benchmark has nothing to recover.
[[noreturn]] void give_up(const std::string& why);

}  // namespace mapferry::bench
