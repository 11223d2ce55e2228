// SPDX-License-Identifier: Apache-2.0
/// \file
/// What travels: a payload's description (its manifest) and the sum at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "mapferry/hash.h"
#include "mapferry/image.h"

namespace mapferry::inline v1 {

/// Which bytes a payload's XXH3-128 is taken over.
enum class DigestKind : std::uint32_t {
    kChunks = 1,  ///< the chunks' XXH3-64: free, the same guarantee
    kBytes = 2,   ///< the bytes: equals `xxh128sum FILE`
};

/// Identity of a file on this machine, to recognise that two paths are one file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t file[2] = {0, 0};
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// A payload's description. In a reader every field came from another process: `name` in particular
/// is only a proposal (see file_name.h).
struct PayloadInfo {
    std::string name = {};  ///< without folder; empty = none
    bool is_text = false;
    std::optional<std::uint64_t> payload_bytes = {};  ///< empty: known only at the end
    std::optional<std::int64_t> mtime_unix_ns = {};
    std::optional<std::uint32_t> permission_bits = {};  ///< of 0777
    std::optional<FileIdentity> source = {};
    std::optional<ImageDescription> image = {};
    DigestKind digest = DigestKind::kChunks;
    std::uint64_t payload_index = 0;  ///< set by the writer
    std::uint64_t payload_count = 0;  ///< payloads announced for the section; 0 = unknown
};

/// A part of a payload: bytes, or so many zeros that the source does not store. Neither: its end.
struct Piece {
    std::span<const std::byte> bytes = {};
    std::uint64_t hole_bytes = 0;
};

/// The sum of a payload that passed whole.
struct PayloadSummary {
    std::uint64_t payload_bytes = 0;
    std::uint64_t chunk_count = 0;
    DigestKind digest_kind = DigestKind::kChunks;
    Hash128 digest = {};
    /// The writer's source changed while it was sent: these may be bytes from before and after.
    bool source_changed = false;
};

}  // namespace mapferry::inline v1
