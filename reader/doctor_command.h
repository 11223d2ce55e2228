// `doctor`: what a user with a problem needs to see.
#pragma once

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

// Always ends with 0 when it could look: findings are not failures.
[[nodiscard]] int run_doctor(const Messages& messages, Reach reach);

}  // namespace mapferry::cli
