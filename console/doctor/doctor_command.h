// SPDX-License-Identifier: Apache-2.0
// `doctor`: what a user with a problem needs to see.
#pragma once

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

// 0: nothing is wrong, warnings aside; kExitFaultFound: a line had "!!"; others: it could not say
// so.
[[nodiscard]] int run_doctor(const Messages& messages, Reach reach);

}  // namespace mapferry::cli
