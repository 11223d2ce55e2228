// SPDX-License-Identifier: Apache-2.0
// The command lines of mapferry's top and view. Each returns the exit code.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

[[nodiscard]] int call_top(const Call& call);
[[nodiscard]] int call_view(const Call& call);

}  // namespace mapferry::cli
