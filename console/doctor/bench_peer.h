// SPDX-License-Identifier: Apache-2.0
// What `mapferry bench` needs of the system besides another process: files, channels and paths. One
// file for each system, the same functions in the same order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/child_program.h"

namespace mapferry::cli {

// A file in `folder` that no other process finds and that goes with the last process that has it
// open. kIo, kPermission.
[[nodiscard]] Result<OpenFile> make_nameless_file(const std::string& folder);
// Folders for such files, the fastest first.
[[nodiscard]] std::vector<std::string> scratch_folders();
// Whether a section of so many bytes fits into shared memory.
[[nodiscard]] bool memory_has_room(std::uint64_t bytes);

// A way for bytes from another process to this one.
struct ChannelKind {
    const char* name;
    Result<Channel> (*open)();
};
[[nodiscard]] std::span<const ChannelKind> channel_kinds();
// What this system calls writing and reading a file.
[[nodiscard]] const char* file_way_name();

// The path of this very program.
[[nodiscard]] std::string own_program();

// "Linux", "Windows" or "Windows (Wine)".
[[nodiscard]] std::string system_label();

}  // namespace mapferry::cli
