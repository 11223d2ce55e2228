// SPDX-License-Identifier: Apache-2.0
// `mapferry top`: shows what passes through all sections, while it happens.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

struct TopCommand {
    std::optional<SectionAddress> only = {};  // empty: all sections
    SectionAddress where = {};                // its reach and sharing, for all of them
    std::int64_t interval_ms = 1000;
    bool once = false;
};

[[nodiscard]] int run_top(const Messages& messages, const TopCommand& command,
                          const std::atomic<int>& stop);

}  // namespace mapferry::cli
