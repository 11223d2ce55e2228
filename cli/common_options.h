// SPDX-License-Identifier: Apache-2.0
// The values of the options that the programs share. This header does not include CLI11, which
// constructs objects before main() in every file that includes it.
#pragma once

#include <cstdint>
#include <string>

#include "cli/messages.h"
#include "cli/progress.h"
#include "mapferry/section.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

// The section of a writer or reader that gets no --name.
inline constexpr const char* kDefaultSectionName = "mapferry";

struct CommonOptions {
    std::string program;  // as the user typed it: "mapferry-writer", "mapferry send"
    SectionAddress address = {.name = kDefaultSectionName};
    Timeout timeout = kDefaultTimeout;
    // kForever: waits for a living peer without limit, even when it makes no progress.
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
    bool wanted = false;  // --buffer was given; its name is in the address
    std::uint64_t at = 0;
};

}  // namespace mapferry::cli
