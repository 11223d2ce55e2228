// SPDX-License-Identifier: Apache-2.0
// `mapferry bench`: what this machine's ways from one process to another give, in about ten
// seconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "cli/messages.h"

namespace mapferry::cli {

struct BenchCommand {
    std::uint64_t bytes = 0;        // 0 = as many as the time allows
    std::string section_name = {};  // what the names of its sections begin with
};

// Measures, prints a table or a JSON object for each row, and a verdict. A way whose bytes come
// wrong ends it with 65.
[[nodiscard]] int run_bench(const Messages& messages, const BenchCommand& command,
                            const std::atomic<int>& stop);

}  // namespace mapferry::cli
