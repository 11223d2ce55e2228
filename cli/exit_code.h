// SPDX-License-Identifier: Apache-2.0
// The programs' exit codes, sysexits(3): one table for the code, --help and the docs.
#pragma once

#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// Several causes may share an exit code.
[[nodiscard]] int exit_code(Code code);

// `doctor` found a fault, a line with "!!": a code of its own (EX_CONFIG), so that a fault of this
// machine is not taken for a failure of doctor.
inline constexpr int kExitFaultFound = 78;

// The table for --help.
[[nodiscard]] std::string exit_code_help();

}  // namespace mapferry::cli
