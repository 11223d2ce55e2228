// SPDX-License-Identifier: Apache-2.0
/// \file
/// Options of an output file: what happens to an existing file, durability and attributes.
///
///     // Replaces the file at `path` by `bytes`, as whole after a power failure as before it.
///     mapferry::Result<void> replace(const std::string& path, std::span<const std::byte> bytes) {
///         auto output = mapferry::Output::to_file(path, mapferry::Overwrite::kReplace, {});
///         if (!output) return std::unexpected(output.error());
///         if (auto written = output->write(bytes); !written) return written;
///         return output->commit({.permission_bits = 0600}, mapferry::Durability::kOnDisk);
///     }
#pragma once

#include <cstdint>
#include <optional>

namespace mapferry::inline v1 {

/// What happens to an existing file.
///   kRefuse   The file stays, and the output is refused.
///   kReplace  The file stays whole until commit() atomically puts the new one in its place. Linux:
///             the new file gets its permission bits and, as far as permitted, its owner, group,
///             extended attributes and access control lists. Its other names (hard links) keep the
///             old bytes.
///   kInPlace  The new bytes overwrite the old ones as they come. This uses the file's pages again,
///             which is cheaper than fresh pages, but after a failure the file is neither the old
///             nor the new one. Other names (hard links) of the file show the new bytes too. A file
///             that does not exist yet is made as with kReplace.
enum class Overwrite : std::uint8_t { kRefuse, kReplace, kInPlace };

/// What a power failure may leave of a file that was just committed. If only processes die, the old
/// or the new file is left with either value.
enum class Durability : std::uint8_t {
    kBuffered,  ///< the old file, the new one, or the new one with bytes missing
    kOnDisk,    ///< the new file: it and its name are on the disk before commit() succeeds
};

/// Attributes of the source that the file gets. The system chooses those of empty fields.
struct FileAttributes {
    std::optional<std::int64_t> mtime_unix_ns = {};
    std::optional<std::uint32_t> permission_bits = {};
    /// The source's permission bits. A new file without `permission_bits` gets no others. A file
    /// that replaces another one keeps that file's bits.
    std::optional<std::uint32_t> permission_limit = {};
};

}  // namespace mapferry::inline v1
