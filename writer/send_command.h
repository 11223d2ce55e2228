// SPDX-License-Identifier: Apache-2.0
// What mapferry-writer does: source -> writer -> section.
#pragma once

#include <atomic>

#include "writer/writer_command.h"

namespace mapferry::cli {

// Sends everything; returns the exit code. `stop` is raised by a signal.
[[nodiscard]] int run_send(const WriterCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
