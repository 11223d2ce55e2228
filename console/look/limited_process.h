// SPDX-License-Identifier: Apache-2.0
// Runs this program again, in a process with few rights: for work on untrusted bytes with code that
// is not trusted either. Each system has one file, with the same functions in the same order.
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
    std::uint64_t memory_bytes = 0;  // Linux: beyond the memory at the start; Windows: in all
    std::int64_t time_ms = 0;        // of processor time, and of elapsed time
    std::uint64_t answer_bytes = 0;  // a longer answer is an error
};

// Starts this program with `argument`, gives it `input` as its standard input and returns the bytes
// that it wrote to its standard output. The process has always ended when the call returns.
// kCorrupt: a limit or a fault ended the process, or it failed; kInterrupted; kSystem.
[[nodiscard]] Result<std::vector<std::byte>> ask_limited_process(const std::string& argument,
                                                                 std::span<const std::byte> input,
                                                                 const ProcessLimits& limits,
                                                                 const std::atomic<int>& stop);

// Called in that process before it reads input: gives up all rights that the work does not need.
// Linux: limits memory and processor time, forbids new files and processes, and at last filters all
// system calls except a few. kSystem: one of these steps failed. Windows: does nothing, because the
// parent has put the process into a job with these limits.
[[nodiscard]] Result<void> give_up_rights(const ProcessLimits& limits);

// Ends the process at once: no stream is flushed and no destructor runs.
[[noreturn]] void end_at_once(int code);

}  // namespace mapferry::cli
