// SPDX-License-Identifier: Apache-2.0
// The work of mapferry-reader and of `mapferry receive`.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_reader(const Call& call);

}  // namespace mapferry::cli
