// SPDX-License-Identifier: Apache-2.0
// What all kinds of output files do with the file that they have open.
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

// Writes all of `bytes`. kIo. `path` is for the message.
[[nodiscard]] Result<void> write_all(const Handle& file, std::span<const std::byte> bytes,
                                     const std::string& path);

// Leaves `bytes` zeros from the file's position on and moves the position behind them. Nothing is
// written, and bytes that the file has there are taken out. False: the file system can't do that,
// and nothing was done. kIo. The file's end stays where it was: see end_at_position().
[[nodiscard]] Result<bool> leave_hole(const Handle& file, std::uint64_t bytes,
                                      const std::string& path);

// Makes the file end at its position. kIo.
[[nodiscard]] Result<void> end_at_position(const Handle& file, const std::string& path);

// Of the permission bits, Windows knows only whether one may write. Returns a sentence about
// attributes that could not be applied; empty: all were.
[[nodiscard]] Result<std::string> apply_attributes(const Handle& file,
                                                   const FileAttributes& attributes,
                                                   const std::string& path);

// kCannotCreate: the file is a section that some process, perhaps this one, has mapped.
[[nodiscard]] std::unexpected<Status> section_in_use(const std::string& what);

enum class Existing : std::uint8_t { kNothing, kFile };

// What has the name `path` now. kCannotCreate: it is no regular file, or the source itself, or a
// section in use, or `path` is no file name at all.
[[nodiscard]] Result<Existing> examine_existing(const std::string& path,
                                                const std::optional<FileIdentity>& source);

// An existing file whose bytes are overwritten where they are (Overwrite::kInPlace). While it is
// open no other process can write to it.
[[nodiscard]] Result<std::unique_ptr<OutputFile>> open_in_place(const std::string& path);

}  // namespace mapferry::inline v1::platform
