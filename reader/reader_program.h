// SPDX-License-Identifier: Apache-2.0
// The work of mapferry-reader, which is also that of `mapferry receive`.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

// Its exit code.
[[nodiscard]] int run_reader(const Call& call);

}  // namespace mapferry::cli
