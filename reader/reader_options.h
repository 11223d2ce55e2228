// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-reader.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "reader/doctor_bench.h"
#include "reader/reader_command.h"
#include "reader/top_command.h"
#include "reader/view_command.h"

namespace mapferry::cli {

// A sub-command that looks after sections.
struct InspectCommand {
    std::string name;  // as an argument; empty: --name
    bool json = false;
    bool force = false;
    Users users = Users::kThisOne;
};

// The sub-commands, as CLI11 found them.
struct ReaderCommandLine {
    ReaderCommand receive;
    InspectCommand inspect;
    BenchCommand bench_command;
    TopCommand top_command;
    ViewCommand view_command;
    CLI::App* list = nullptr;
    CLI::App* info = nullptr;
    CLI::App* verify = nullptr;
    CLI::App* remove = nullptr;
    CLI::App* collect = nullptr;
    CLI::App* doctor = nullptr;
    CLI::App* top = nullptr;
    CLI::App* view = nullptr;

    // The section that a sub-command is about.
    [[nodiscard]] SectionAddress address() const;
    // What a sub-command says: --json may stand on either side of it.
    [[nodiscard]] Messages messages(const std::string& program) const;
};

// --name, --output, --force, --in-place, --null, --timeout and --quiet: what most transfers are
// asked for with.
void add_plain_reader_options(CLI::App& app, ReaderCommand& command);

// All there are, and the sub-commands.
void add_reader_options(CLI::App& app, ReaderCommandLine& line);

}  // namespace mapferry::cli
