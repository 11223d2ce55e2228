// SPDX-License-Identifier: Apache-2.0
// The command line of the processes of a round of frames.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "bench/frame_roles.h"

namespace mapferry::bench {

// Adds the hidden options with which the program starts itself.
void add_round_options(CLI::App& app, std::string& role, Round& round);

// The options that give a new process this role in this round.
[[nodiscard]] std::vector<std::string> options_of(const std::string& role, const Round& round);

}  // namespace mapferry::bench
