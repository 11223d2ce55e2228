// SPDX-License-Identifier: Apache-2.0
// mapferry-bridge from its command line on.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Returns the exit code. Call after prepare_streams(), from main.
[[nodiscard]] int run_bridge_program(int argc, char** argv);

}  // namespace mapferry::cli
