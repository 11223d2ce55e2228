// SPDX-License-Identifier: Apache-2.0
// mapferry-reader --buffer: reads a part of a named area of bytes, under its lock.
#pragma once

#include <atomic>

#include "reader/reader_command.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_read_buffer(const ReaderCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
