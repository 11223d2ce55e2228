// SPDX-License-Identifier: Apache-2.0
// The command lines of mapferry's doctor and bench. Each returns the exit code.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

[[nodiscard]] int call_doctor(const Call& call);
[[nodiscard]] int call_bench(const Call& call);

}  // namespace mapferry::cli
