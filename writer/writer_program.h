// SPDX-License-Identifier: Apache-2.0
// The work of mapferry-writer and of `mapferry send`.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_writer(const Call& call);

}  // namespace mapferry::cli
