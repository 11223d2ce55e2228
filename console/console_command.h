// SPDX-License-Identifier: Apache-2.0
// What the commands that look after sections have in common: a section, and how they print.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/command_line.h"
#include "cli/program.h"

namespace mapferry::cli {

struct ConsoleCommand {
    explicit ConsoleCommand(const Call& call) { common.program = call.program; }

    CommonOptions common;
    std::string name;  // as an argument; empty: --name or --backing

    [[nodiscard]] SectionAddress address() const {
        SectionAddress address = common.address;
        if (!name.empty()) address.name = name;
        return address;
    }
};

// --quiet, --json, and what set_up_app() makes: the last options of every command.
void add_message_options(CLI::App& app, ConsoleCommand& command);
inline constexpr OptionGroup kMessageGroup = {"Output and messages",
                                              "-q --json -h --help --version"};

// NAME, --name, --backing, --global.
void add_section_options(CLI::App& app, ConsoleCommand& command);
inline constexpr OptionGroup kSectionGroup = {"The section", "NAME --name --backing --global"};
// Whether one of them was given. After parsing.
[[nodiscard]] bool names_a_section(const CLI::App& app, const ConsoleCommand& command);

}  // namespace mapferry::cli
