// SPDX-License-Identifier: Apache-2.0
// mapferry-reader --text: prints texts as they arrive. With --follow the texts of the next writer
// follow when one has ended.
#pragma once

#include <atomic>

#include "reader/reader_command.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_receive_texts(const ReaderCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
