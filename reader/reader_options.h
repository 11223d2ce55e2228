// The command line of mapferry-reader.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/common_options.h"
#include "mapferry/output.h"
#include "reader/doctor_bench.h"
#include "reader/top_command.h"
#include "reader/view_command.h"

namespace mapferry::cli {

struct ReaderCommand {
    CommonOptions common;
    std::string output;  // empty: the sender's name; "-": standard output
    bool force = false;
    bool in_place = false;
    bool consume = false;
    bool discard = false;  // --null
    bool preserve = false;
    bool durable = false;

    [[nodiscard]] Durability durability() const {
        return durable ? Durability::kOnDisk : Durability::kBuffered;
    }

    // --frames
    bool frames = false;
    bool latest = false;
    bool spin = false;
    std::uint64_t count = 0;  // 0 = all

    // --text
    bool text = false;
    bool follow = false;

    // --buffer
    BufferPlace buffer;
    std::uint64_t bytes = 0;  // 0 = to the end

    // What becomes of a file that exists.
    [[nodiscard]] Overwrite overwrite() const {
        if (in_place) return Overwrite::kInPlace;
        return force ? Overwrite::kReplace : Overwrite::kRefuse;
    }
};

// A sub-command that looks after sections.
struct InspectCommand {
    std::string name;  // as an argument; empty: --name
    bool json = false;
    bool force = false;
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
};

void add_reader_options(CLI::App& app, ReaderCommandLine& line);

}  // namespace mapferry::cli
