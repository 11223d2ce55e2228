// SPDX-License-Identifier: Apache-2.0
// What all kinds of output files do with the file that they have open.
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

// Writes all of `bytes`. kIo. `path` is for the message.
[[nodiscard]] Result<void> write_all(int descriptor, std::span<const std::byte> bytes,
                                     const std::string& path);

// Leaves `bytes` zeros from the file's position on and moves the position behind them. Nothing is
// written, and bytes that the file has there are taken out. False: the file system can't do that,
// and nothing was done. kIo. The file's end stays where it was: see end_at_position().
[[nodiscard]] Result<bool> leave_hole(int descriptor, std::uint64_t bytes, const std::string& path);

// Makes a file that ends before its position end there, with a hole. With kCut a file that ends
// behind its position is cut there, too. kIo.
enum class Rest : std::uint8_t { kStay, kCut };
[[nodiscard]] Result<void> end_at_position(int descriptor, Rest rest, const std::string& path);

// Calls fsync; zero or errno. Only a call that a signal interrupted is repeated: the system reports
// only once that pages could not be written.
[[nodiscard]] int flush_errno(int descriptor);

// Returns a sentence about attributes that could not be applied; empty: all were.
[[nodiscard]] Result<std::string> apply_attributes(int descriptor, const FileAttributes& attributes,
                                                   const std::string& path);

// kCannotCreate: the file is a section that some process, perhaps this one, has mapped.
[[nodiscard]] std::unexpected<Status> section_in_use(const std::string& what);

// What has the name `path` now; empty: nothing has it. kCannotCreate: it is no regular file, or the
// source itself, or a section in use, or `path` is no file name at all.
[[nodiscard]] Result<std::optional<struct stat>> examine_existing(
    const std::string& path, const std::optional<FileIdentity>& source);

// An existing file whose bytes are overwritten where they are (Overwrite::kInPlace).
[[nodiscard]] Result<std::unique_ptr<OutputFile>> open_in_place(
    const std::string& path, const std::optional<FileIdentity>& source);

}  // namespace mapferry::inline v1::platform
