// SPDX-License-Identifier: Apache-2.0
// This program once more, in a process that may do little: for work on bytes that are not to be
// trusted with code that is not either. One file for each system, the same functions in the same
// order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::cli {

struct ProcessLimits {
    std::uint64_t memory_bytes = 0;  // beyond what the program needs to start
    std::int64_t time_ms = 0;        // of the processor, and of the clock on the wall
    std::uint64_t answer_bytes = 0;  // more of them are no answer
};

// Starts this very program with `argument`, gives it `input` as its standard input and returns what
// it wrote to its standard output. Whatever happens, the process has ended by then. kCorrupt: it
// was ended by a limit or by a fault, or gave no answer; kInterrupted; kSystem.
[[nodiscard]] Result<std::vector<std::byte>> ask_limited_process(const std::string& argument,
                                                                 std::span<const std::byte> input,
                                                                 const ProcessLimits& limits,
                                                                 const std::atomic<int>& stop);

// In that process, before it reads a byte: takes from it what the work does not need. Linux:
// memory, processor time, new files and processes, and by a filter all system calls but a few;
// kSystem where something of that can't be taken, the filter last. Windows: nothing, the starting
// process has put it into a job of such limits.
[[nodiscard]] Result<void> give_up_rights(const ProcessLimits& limits);

// Ends the process at once: nothing is flushed and nothing destroyed.
[[noreturn]] void end_at_once(int code);

}  // namespace mapferry::cli
