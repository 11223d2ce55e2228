// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-bridge.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "bridge/options/bridge_command.h"
#include "cli/help_text.h"

namespace mapferry::cli {

// The words as they are typed, until take_words() has read them.
struct BridgeWords {
    std::string command = {};
    std::string url = {};
    std::string to = {};
    std::string from = {};
};

void add_bridge_options(CLI::App& app, BridgeCommand& command, BridgeWords& words);
// Reads the words into `command`. kUsage: they make no sense together.
[[nodiscard]] Result<void> take_words(const BridgeWords& words, BridgeCommand& command);

extern const Help kBridgeHelp;

}  // namespace mapferry::cli
