// SPDX-License-Identifier: Apache-2.0
// The command line of mapferry-writer, parsed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "mapferry/frame_notes.h"
#include "mapferry/payload.h"
#include "mapferry/send.h"

namespace mapferry::cli {

struct WriterCommand {
    CommonOptions common;
    bool keep = false;
    bool wait = false;  // for the name
    std::uint64_t readers = 1;
    std::uint64_t slot_capacity_bytes = 0;  // 0 = chosen from the payloads
    std::uint64_t slot_count = 0;           // 0 = chosen from the payloads
    DigestKind digest = DigestKind::kChunks;
    std::vector<std::string> texts;
    std::vector<std::string> files;  // "-" = standard input
    bool strict_source = false;
    std::vector<std::string> exec;  // --exec: the command whose output is sent
    EndCall at_end;                 // --exec: asks whether the command ended well
    bool exec_wanted = false;

    [[nodiscard]] SourceChange source_change() const {
        return strict_source ? SourceChange::kFail : SourceChange::kMark;
    }

    // --frames
    bool frames = false;
    std::string image;        // "3840x2160:BGR24"
    Ratio frame_rate = {};    // 0 = as fast as they come
    std::string describe;     // a text, or @ and the path of a file
    std::uint64_t count = 0;  // 0 = all
    bool loop = false;
    bool lossless = false;
    bool no_rotate = false;
    bool readers_given = false;  // --readers was given

    // What payloads or frames say of themselves.
    std::vector<std::string> meta;  // "key=value"
    std::string meta_json;          // the path of a file

    // --buffer
    BufferPlace buffer;
    std::uint64_t size_bytes = 0;  // 0 = the size of the existing buffer
};

}  // namespace mapferry::cli
