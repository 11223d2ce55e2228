// SPDX-License-Identifier: Apache-2.0
// What every kind of output file does with the file that it has open.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mapferry/output_options.h"
#include "platform/output_file.h"

namespace mapferry::inline v1::platform {

// All of `bytes`. kIo; `path` is for the message.
[[nodiscard]] Result<void> write_all(int descriptor, std::span<const std::byte> bytes,
                                     const std::string& path);

// `bytes` zeros from the file's position on, which moves on: nothing is written, and what the file
// has there is taken out. False: the file system can't do that, and nothing was done. kIo. The file
// ends where it did: end_at_position().
[[nodiscard]] Result<bool> leave_hole(int descriptor, std::uint64_t bytes, const std::string& path);

// A file that ends before its position gets a hole up to there; with kCut also one that ends behind
// it ends there. kIo.
enum class Rest : std::uint8_t { kStay, kCut };
[[nodiscard]] Result<void> end_at_position(int descriptor, Rest rest, const std::string& path);

// fsync; zero or errno. Only a call that a signal interrupted is made again: of pages that could
// not be written the system tells once.
[[nodiscard]] int flush_errno(int descriptor);

// Gives what could not be applied and was left out, in a sentence; empty: nothing was.
[[nodiscard]] Result<std::string> apply_attributes(int descriptor, const FileAttributes& attributes,
                                                   const std::string& path);

// kCannotCreate for a file that is a section which somebody has mapped, this process among them.
[[nodiscard]] std::unexpected<Status> section_in_use(const std::string& what);

// What has the name `path` now; empty where nothing has it. kCannotCreate: it is no regular file,
// or the very source, or a section in use, or no name of a file at all.
[[nodiscard]] Result<std::optional<struct stat>> examine_existing(
    const std::string& path, const std::optional<FileIdentity>& source);

// An existing file whose bytes are overwritten where they are (Overwrite::kInPlace).
[[nodiscard]] Result<std::unique_ptr<OutputFile>> open_in_place(
    const std::string& path, const std::optional<FileIdentity>& source);

}  // namespace mapferry::inline v1::platform
