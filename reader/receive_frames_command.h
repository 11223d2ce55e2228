// SPDX-License-Identifier: Apache-2.0
// mapferry-reader --frames: raw video or pictures out of a stream of frames.
#pragma once

#include <atomic>

#include "reader/reader_command.h"

namespace mapferry::cli {

// Returns the exit code.
[[nodiscard]] int run_receive_frames(const ReaderCommand& command, const std::atomic<int>& stop);

}  // namespace mapferry::cli
