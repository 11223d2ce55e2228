// SPDX-License-Identifier: Apache-2.0
// The work of mapferry-writer: source -> writer -> section.
#pragma once

#include <atomic>

#include "writer/writer_command.h"

namespace mapferry::cli {

// Sends everything and returns the exit code. A signal raises `stop`.
[[nodiscard]] int run_send(const WriterCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
