// SPDX-License-Identifier: Apache-2.0
/// \file
/// How an output file is written: over what, how durably, and with which attributes.
#pragma once

#include <cstdint>
#include <optional>

namespace mapferry::inline v1 {

/// What becomes of an existing file.
///   kRefuse   it stays, and the output is refused
///   kReplace  it stays whole until commit() puts the new one in its place, atomically. Linux: with
///             its permission bits, and as far as permitted its owner, group, extended attributes
///             and access control lists; its other names (hard links) keep the old bytes.
///   kInPlace  its bytes are overwritten as the new ones come: its pages are used again, which is
///             cheaper than fresh ones, but after a failure it is neither the old nor the new file.
///             Other names (hard links) of the file see the new bytes too. A file that does not
///             exist yet is made as with kReplace.
enum class Overwrite : std::uint8_t { kRefuse, kReplace, kInPlace };

/// What a power failure may leave of a file that was just committed. The death of a process, or of
/// all of them, leaves the old or the new one with either.
enum class Durability : std::uint8_t {
    kBuffered,  ///< old, new, or new with bytes missing: the system writes it in its own time
    kOnDisk,    ///< new: it and its name are on the disk before commit() succeeds
};

/// What a file takes over from the source; empty fields stay as the system sets them.
struct FileAttributes {
    std::optional<std::int64_t> mtime_unix_ns = {};
    std::optional<std::uint32_t> permission_bits = {};
    /// The source's: a new file without `permission_bits` is never more open. One that replaces
    /// another keeps that one's.
    std::optional<std::uint32_t> permission_limit = {};
};

}  // namespace mapferry::inline v1
