// The command line of mapferry-writer.
#pragma once

#include <CLI/CLI.hpp>

#include "writer/writer_command.h"

namespace mapferry::cli {

// FILE, --name, --keep, --timeout and --quiet: what most transfers are asked for with.
void add_plain_writer_options(CLI::App& app, WriterCommand& command);

// All there are.
void add_writer_options(CLI::App& app, WriterCommand& command);

}  // namespace mapferry::cli
