// The command line of mapferry-writer.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "mapferry/payload.h"

namespace mapferry::cli {

struct WriterCommand {
    CommonOptions common;
    bool keep = false;
    std::uint64_t readers = 1;
    std::uint64_t slot_capacity_bytes = 0;  // 0 = chosen from the payloads
    std::uint64_t slot_count = 0;           // 0 = chosen from the payloads
    DigestKind digest = DigestKind::kChunks;
    std::vector<std::string> texts;
    std::vector<std::string> files;  // "-" = standard input
};

void add_writer_options(CLI::App& app, WriterCommand& command);

}  // namespace mapferry::cli
