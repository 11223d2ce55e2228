// SPDX-License-Identifier: Apache-2.0
// `doctor`: prints the facts that a user with a problem needs to see.
#pragma once

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

// Returns the exit code. 0: there is no fault, at most a warning; kExitFaultFound: a line has "!!";
// others: the facts could not be printed.
[[nodiscard]] int run_doctor(const Messages& messages, Reach reach);

}  // namespace mapferry::cli
