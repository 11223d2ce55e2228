// SPDX-License-Identifier: Apache-2.0
// mapferry-serve: the page of `mapferry serve`.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Serves the page until a signal ends it. Returns the exit code.
[[nodiscard]] int run_serve(const Call& call);

}  // namespace mapferry::cli
