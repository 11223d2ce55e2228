// The programs' exit codes, sysexits(3): one table for the code, --help and the docs.
#pragma once

#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// Library causes are exit codes already; the few internal ones become their nearest relative.
[[nodiscard]] int exit_code(Code code);

// The table for --help.
[[nodiscard]] std::string exit_code_help();

}  // namespace mapferry::cli
