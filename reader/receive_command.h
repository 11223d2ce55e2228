// SPDX-License-Identifier: Apache-2.0
// mapferry-reader without --frames, --text and --buffer: section -> reader -> output.
#pragma once

#include <atomic>

#include "reader/reader_command.h"

namespace mapferry::cli {

// Receives everything and returns the exit code. A signal raises `stop`.
[[nodiscard]] int run_receive(const ReaderCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
