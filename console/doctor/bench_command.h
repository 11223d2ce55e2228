// SPDX-License-Identifier: Apache-2.0
// `mapferry bench`: measures in about ten seconds how fast this machine's ways from one process to
// another are.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "cli/messages.h"

namespace mapferry::cli {

struct BenchCommand {
    std::uint64_t bytes = 0;        // 0 = as many as the time allows
    std::string section_name = {};  // the beginning of its section's name
};

// Measures, and prints a table or a JSON object for each row, and a verdict. Returns the exit code:
// 65 when a way delivered wrong bytes.
[[nodiscard]] int run_bench(const Messages& messages, const BenchCommand& command,
                            const std::atomic<int>& stop);

}  // namespace mapferry::cli
