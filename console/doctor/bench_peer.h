// SPDX-License-Identifier: Apache-2.0
// Everything that `mapferry bench` needs of the system besides another process: files, channels and
// paths. Each system has one file, with the same functions in the same order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/child_program.h"

namespace mapferry::cli {

// Makes a file in `folder` that no other process can find. It disappears when the last process that
// has it open closes it. kIo.
[[nodiscard]] Result<OpenFile> make_nameless_file(const std::string& folder);
// Folders for such files, the fastest first.
[[nodiscard]] std::vector<std::string> scratch_folders();
// Whether a section of `bytes` bytes fits into shared memory.
[[nodiscard]] bool memory_has_room(std::uint64_t bytes);

// A channel that carries bytes from another process to this one.
struct ChannelKind {
    const char* name;
    Result<Channel> (*open)();
};
[[nodiscard]] std::span<const ChannelKind> channel_kinds();
// The name of the way through a file, with the calls of this system.
[[nodiscard]] const char* file_way_name();

// The path of this program.
[[nodiscard]] std::string own_program();

// "Linux", "Windows" or "Windows (Wine)".
[[nodiscard]] std::string system_label();

}  // namespace mapferry::cli
