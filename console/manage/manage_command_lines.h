// SPDX-License-Identifier: Apache-2.0
// The command lines of mapferry's ls, info, verify, rm and gc. Each returns the exit code.
#pragma once

#include "cli/program.h"

namespace mapferry::cli {

[[nodiscard]] int call_ls(const Call& call);
[[nodiscard]] int call_info(const Call& call);
[[nodiscard]] int call_verify(const Call& call);
[[nodiscard]] int call_rm(const Call& call);
[[nodiscard]] int call_gc(const Call& call);

}  // namespace mapferry::cli
