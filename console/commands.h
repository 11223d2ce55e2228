// SPDX-License-Identifier: Apache-2.0
// The commands of mapferry.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/program.h"

namespace mapferry::cli {

struct Command {
    std::string_view name;
    std::string_view program;  // "mapferry NAME"
    std::string_view about;    // for the list of commands
    int (*call)(const Call&);  // returns the exit code
};

// Commands that belong together.
struct CommandGroup {
    std::string_view title;
    std::span<const Command> commands;
};
[[nodiscard]] std::span<const CommandGroup> command_groups();

// Null: there is no such command.
[[nodiscard]] const Command* find_command(std::string_view name);

// The command that a user who typed `word` probably meant: one that begins with `word`, or one that
// is one or two typing mistakes away. Null: there is no such command.
[[nodiscard]] const Command* nearest_command(std::string_view word);

}  // namespace mapferry::cli
