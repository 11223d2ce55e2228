// SPDX-License-Identifier: Apache-2.0
// mapferry-writer --frames: pictures or raw video, from files or standard input, frame by frame.
#pragma once

#include <atomic>

#include "writer/writer_command.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_send_frames(const WriterCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
