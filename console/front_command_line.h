// SPDX-License-Identifier: Apache-2.0
// mapferry without a known command: its help, its version, and the error for an unknown command.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_front(const Call& call);

}  // namespace mapferry::cli
