// SPDX-License-Identifier: Apache-2.0
// The commands that look after sections. Each returns the exit code. `where`: the namespace of
// sections in memory that a command works in, and the other users whose sections count.
#pragma once

#include <cstdint>

#include "cli/messages.h"
#include "mapferry/section.h"

namespace mapferry::cli {

[[nodiscard]] int run_list(const Messages& messages, const SectionAddress& where);
[[nodiscard]] int run_info(const Messages& messages, const SectionAddress& address);
// Prints the arguments with which that program reads the frames of a section.
enum class ReadingProgram : std::uint8_t { kFfmpeg, kGstreamer };
[[nodiscard]] int run_arguments(const Messages& messages, const SectionAddress& address,
                                ReadingProgram program);
[[nodiscard]] int run_verify(const Messages& messages, const SectionAddress& address);
[[nodiscard]] int run_remove(const Messages& messages, const SectionAddress& address,
                             RemovePolicy policy);
[[nodiscard]] int run_collect(const Messages& messages, const SectionAddress& address, Users users);

}  // namespace mapferry::cli
