// SPDX-License-Identifier: Apache-2.0
// mapferry without a command: its help, its version, and what it cannot understand.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Its exit code.
[[nodiscard]] int run_front(const Call& call);

}  // namespace mapferry::cli
