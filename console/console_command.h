// SPDX-License-Identifier: Apache-2.0
// The common parts of the commands that look after sections: a section, and options of output.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/command_line.h"
#include "cli/program.h"

namespace mapferry::cli {

struct ConsoleCommand {
    explicit ConsoleCommand(const Call& call) { common.program = call.program; }

    CommonOptions common;
    std::string name;  // the argument NAME; empty: --name or --backing

    [[nodiscard]] SectionAddress address() const {
        SectionAddress address = common.address;
        if (!name.empty()) address.name = name;
        return address;
    }
};

// Adds the last options of every command: --quiet, --json, and those of set_up_app().
void add_message_options(CLI::App& app, ConsoleCommand& command);
inline constexpr OptionGroup kMessageGroup = {"Output and messages",
                                              "-q --json -h --help --version"};

// Adds NAME, --name, --backing and --global.
void add_section_options(CLI::App& app, ConsoleCommand& command);
inline constexpr OptionGroup kSectionGroup = {"The section", "NAME --name --backing --global"};
// Adds these and --share.
void add_open_options(CLI::App& app, ConsoleCommand& command);
inline constexpr OptionGroup kOpenGroup = {"The section", "NAME --name --backing --global --share"};
// Whether NAME, --name or --backing was given. Call it after parsing.
[[nodiscard]] bool names_a_section(const CLI::App& app, const ConsoleCommand& command);

}  // namespace mapferry::cli
