// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-writer.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/help_text.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// Adds FILE, --name, --keep, --timeout and --quiet, the options of most transfers.
void add_plain_writer_options(CLI::App& app, WriterCommand& command);

// Adds all options.
void add_writer_options(CLI::App& app, WriterCommand& command);

// The help of -h and --help.
extern const Help kWriterHelp;

// With --exec, takes the words behind -- in `arguments` as the command. They were parsed as files;
// "-" replaces these. kUsage: there is no command, or there are other sources.
[[nodiscard]] Result<void> take_command(const std::vector<std::string>& arguments,
                                        WriterCommand& command);

}  // namespace mapferry::cli
