// SPDX-License-Identifier: Apache-2.0
// The command line of `mapferry serve`. The front door knows it without the libraries of the page's
// server, so that help and usage errors are the same where mapferry-serve is not installed.
#pragma once

#include <optional>

#include "cli/program.h"
#include "console/serve/serve_command.h"

namespace mapferry::cli {

// Parses the arguments. Returns an exit code when the program must end now.
[[nodiscard]] std::optional<int> parse_serve(const Call& call, ServeCommand& command);

// The front door: parses the arguments, then becomes mapferry-serve. Returns the exit code of a
// failure.
[[nodiscard]] int call_serve(const Call& call);

}  // namespace mapferry::cli
