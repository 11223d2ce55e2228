// SPDX-License-Identifier: Apache-2.0
// What the programs can be asked for. Without CLI11, whose header makes objects in every file that
// includes it, before main().
#pragma once

#include <cstdint>
#include <string>

#include "cli/messages.h"
#include "cli/progress.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// Of a writer and a reader that are not given another one.
inline constexpr const char* kDefaultSectionName = "mapferry";

struct CommonOptions {
    std::string program;  // as the user typed it: "mapferry-writer", "mapferry send"
    SectionAddress address = {.name = kDefaultSectionName};
    Timeout timeout = kDefaultTimeout;
    // kForever: a living peer is waited for, however long it stands still.
    Timeout stall_timeout = kForever;
    bool timeout_given = false;
    bool quiet = false;
    bool json = false;
    ProgressMode progress = ProgressMode::kAuto;

    [[nodiscard]] Messages messages() const {
        return {program, quiet ? Verbosity::kQuiet : Verbosity::kNormal,
                json ? Format::kJson : Format::kText};
    }
    // No progress line for a quiet run.
    [[nodiscard]] ProgressMode effective_progress() const {
        return quiet ? ProgressMode::kNever : progress;
    }
};

// --buffer, --at: a place in a named area of bytes.
struct BufferPlace {
    bool wanted = false;  // --buffer was said; its name is in the address
    std::uint64_t at = 0;
};

}  // namespace mapferry::cli
