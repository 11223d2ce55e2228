// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --buffer: writes one payload into a named area of bytes, under its lock.
#pragma once

#include <atomic>

#include "writer/writer_command.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_write_buffer(const WriterCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
