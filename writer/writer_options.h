// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-writer.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/help_text.h"
#include "writer/writer_command.h"

namespace mapferry::cli {

// FILE, --name, --keep, --timeout and --quiet: what most transfers are asked for with.
void add_plain_writer_options(CLI::App& app, WriterCommand& command);

// All there are.
void add_writer_options(CLI::App& app, WriterCommand& command);

// What -h and --help print.
extern const Help kWriterHelp;

// The command of --exec, which is what follows -- in `arguments`, instead of the files that it was
// parsed as. kUsage: there is none, or there are other sources beside it.
[[nodiscard]] Result<void> take_command(const std::vector<std::string>& arguments,
                                        WriterCommand& command);

}  // namespace mapferry::cli
