// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-reader.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/help_text.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

// Adds the options that most transfers use: --name, --output, --force, --in-place, --null,
// --timeout and --quiet.
void add_plain_reader_options(CLI::App& app, ReaderCommand& command);

// Adds all options.
void add_reader_options(CLI::App& app, ReaderCommand& command);

// The text that -h and --help print.
extern const Help kReaderHelp;

}  // namespace mapferry::cli
