// SPDX-License-Identifier: Apache-2.0
// What mapferry-reader does by itself: section -> reader -> output.
#pragma once

#include <atomic>

#include "reader/reader_command.h"

namespace mapferry::cli {

// Receives everything; returns the exit code. `stop` is raised by a signal.
[[nodiscard]] int run_receive(const ReaderCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
