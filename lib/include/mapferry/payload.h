// SPDX-License-Identifier: Apache-2.0
/// \file
/// The description of a payload (its manifest) and the summary at its end.
///
///     std::string label(const mapferry::PayloadInfo& info) {
///         std::string text = mapferry::in_quotes(info.name);  // another process chose it
///         if (info.payload_bytes) text += ", " + std::to_string(*info.payload_bytes) + " bytes";
///         return info.is_text ? text + ", a text" : text;
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mapferry/digest.h"
#include "mapferry/image.h"
#include "mapferry/status.h"
#include "mapferry/tensor.h"

namespace mapferry::inline v1 {

/// The bytes over which a payload's XXH3-128 is computed.
enum class DigestKind : std::uint32_t {
    /// The chunks' XXH3-64 values: no extra cost, the same guarantee. Depends on the size of the
    /// section's slots, so the same bytes have another value elsewhere.
    kChunks = 1,
    kBytes = 2,  ///< the bytes: equals `xxh128sum FILE`
};

/// The identity of a file on this machine. It shows whether two paths lead to the same file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t file[2] = {0, 0};
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// One thing that a sender says of a payload, in the sender's own words. UTF-8 by custom.
struct PayloadPair {
    std::string key;
    std::string value;
    friend bool operator==(const PayloadPair&, const PayloadPair&) = default;
};

/// Whether pairs fit a manifest that has no tensor: see PayloadInfo::pairs. kUsage: they don't, a
/// key is empty, or a key or value contains a NUL.
[[nodiscard]] Result<void> check_pairs(const std::vector<PayloadPair>& pairs);

/// A payload's description. In a reader every field came from another process; `name` in particular
/// is only a proposal (see file_name.h).
struct PayloadInfo {
    std::string name = {};  ///< without folder; empty: no name
    bool is_text = false;
    std::optional<std::uint64_t> payload_bytes = {};  ///< empty: known only at the end
    std::optional<std::int64_t> mtime_unix_ns = {};
    std::optional<std::uint32_t> permission_bits = {};  ///< of 0777
    std::optional<FileIdentity> source = {};
    std::optional<ImageDescription> image = {};
    std::optional<TensorDescription> tensor = {};  ///< of the array inside, as of an .npy file
    /// In the sender's order. Together with the tensor's description at most 2,944 bytes, of which
    /// a pair takes two more than its key and value have.
    std::vector<PayloadPair> pairs = {};
    DigestKind digest = DigestKind::kChunks;
    std::uint64_t payload_index = 0;  ///< set by the writer
    std::uint64_t payload_count = 0;  ///< payloads announced for the section; 0 = unknown
};

/// A part of a payload: either bytes, or the number of zeros of a hole. Neither: the payload's end.
struct Piece {
    std::span<const std::byte> bytes = {};
    std::uint64_t hole_bytes = 0;
};

/// The summary of a payload that was transferred completely.
struct PayloadSummary {
    std::uint64_t payload_bytes = 0;
    std::uint64_t chunk_count = 0;
    DigestKind digest_kind = DigestKind::kChunks;
    Hash128 digest = {};
    /// The source changed while it was sent, so that old and new bytes may be mixed.
    bool source_changed = false;
};

}  // namespace mapferry::inline v1
