// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-reader.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/help_text.h"
#include "reader/reader_command.h"

namespace mapferry::cli {

// --name, --output, --force, --in-place, --null, --timeout and --quiet: what most transfers are
// asked for with.
void add_plain_reader_options(CLI::App& app, ReaderCommand& command);

// All there are.
void add_reader_options(CLI::App& app, ReaderCommand& command);

// What -h and --help print.
extern const Help kReaderHelp;

}  // namespace mapferry::cli
