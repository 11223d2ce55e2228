// SPDX-License-Identifier: Apache-2.0
// The programs' exit codes, after sysexits(3), and their table for --help.
#pragma once

#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// Several causes may share an exit code.
[[nodiscard]] int exit_code(Code code);

// `doctor` found a fault and printed a line with "!!". No other failure has this code (EX_CONFIG),
// so that a fault of this machine is not taken for a failure of doctor.
inline constexpr int kExitFaultFound = 78;

// The table for --help.
[[nodiscard]] std::string exit_code_help();

}  // namespace mapferry::cli
