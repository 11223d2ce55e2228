// SPDX-License-Identifier: Apache-2.0
// What every kind of output file does with the file that it has open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mapferry/output_options.h"
#include "platform/handle.h"
#include "platform/output_file.h"

namespace mapferry::inline v1::platform {

// All of `bytes`. kIo; `path` is for the message.
[[nodiscard]] Result<void> write_all(const Handle& file, std::span<const std::byte> bytes,
                                     const std::string& path);

// `bytes` zeros from the file's position on, which moves on: nothing is written, and what the file
// has there is taken out. False: the file system can't do that, and nothing was done. kIo. The file
// ends where it did: end_at_position().
[[nodiscard]] Result<bool> leave_hole(const Handle& file, std::uint64_t bytes,
                                      const std::string& path);

// The file ends at its position. kIo.
[[nodiscard]] Result<void> end_at_position(const Handle& file, const std::string& path);

// Of the permission bits, Windows knows whether one may write. Gives what could not be applied and
// was left out, in a sentence; empty: nothing was.
[[nodiscard]] Result<std::string> apply_attributes(const Handle& file,
                                                   const FileAttributes& attributes,
                                                   const std::string& path);

// kCannotCreate for a section that somebody has mapped, this process among them.
[[nodiscard]] std::unexpected<Status> section_in_use(const std::string& what);

enum class Existing : std::uint8_t { kNothing, kFile };

// What has the name `path` now. kCannotCreate: it is no regular file, or the very source, or a
// section in use, or no name of a file at all.
[[nodiscard]] Result<Existing> examine_existing(const std::string& path,
                                                const std::optional<FileIdentity>& source);

// An existing file whose bytes are overwritten where they are (Overwrite::kInPlace). While it is
// open, nobody else can write to it.
[[nodiscard]] Result<std::unique_ptr<OutputFile>> open_in_place(const std::string& path);

}  // namespace mapferry::inline v1::platform
