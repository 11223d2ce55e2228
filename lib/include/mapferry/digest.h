// SPDX-License-Identifier: Apache-2.0
/// \file
/// The checksum of a payload.
///
///     // Whether the payload is the file of which `xxh128sum` printed these digits.
///     bool is_file_of(const mapferry::PayloadSummary& summary, const std::string& digits) {
///         return summary.digest_kind == mapferry::DigestKind::kBytes &&
///                mapferry::to_hex(summary.digest) == digits;
///     }
#pragma once

#include <cstdint>
#include <string>

namespace mapferry::inline v1 {

/// XXH3-128 of a payload's bytes: see PayloadSummary.
struct Hash128 {
    std::uint64_t low64 = 0;
    std::uint64_t high64 = 0;
    friend bool operator==(const Hash128&, const Hash128&) = default;
};

/// 32 lower-case hexadecimal digits in the canonical order, as `xxh128sum` prints them.
[[nodiscard]] std::string to_hex(const Hash128& hash);

}  // namespace mapferry::inline v1
