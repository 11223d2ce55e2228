// SPDX-License-Identifier: Apache-2.0
// The options of one mapferry-reader command line, parsed.
#pragma once

#include <cstdint>
#include <string>

#include "cli/common_options.h"
#include "cli/picture_levels.h"
#include "mapferry/output.h"
#include "mapferry/receive.h"

namespace mapferry::cli {

struct ReaderCommand {
    CommonOptions common;
    std::string output;  // empty: the sender's name; "-": standard output
    bool force = false;
    bool in_place = false;
    bool rename = false;
    bool consume = false;
    bool discard = false;  // --null
    bool preserve = false;
    bool durable = false;
    Sparse sparse = Sparse::kAuto;

    [[nodiscard]] Durability durability() const {
        return durable ? Durability::kOnDisk : Durability::kBuffered;
    }

    // --frames
    bool frames = false;
    bool latest = false;
    bool spin = false;
    bool y4m = false;
    std::uint64_t count = 0;  // 0 = all
    PictureLevels levels;

    // --text
    bool text = false;

    bool follow = false;  // --text, --frames
    // How long to wait for a writer to come.
    [[nodiscard]] Timeout patience() const {
        return follow && !common.timeout_given ? kForever : common.timeout;
    }

    // --buffer
    BufferPlace buffer;
    std::uint64_t bytes = 0;  // 0 = to the end

    // What to do with an existing file.
    [[nodiscard]] Overwrite overwrite() const {
        if (in_place) return Overwrite::kInPlace;
        return force ? Overwrite::kReplace : Overwrite::kRefuse;
    }
};

}  // namespace mapferry::cli
