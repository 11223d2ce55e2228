// SPDX-License-Identifier: Apache-2.0
// The section's first bytes: made for a new section, validated in a section of another process.
#pragma once

#include <cstdint>
#include <string>

#include "format/geometry.h"
#include "format/layout.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// Validates a private copy of an ident against the size of the section's object, and trusts nothing
// in it: magic, version, checksum, ranges, and whether every offset is the one that plan()
// computes. kVersion names both versions, kCorrupt the field and its value. kNotReady: the magic is
// still zero.
[[nodiscard]] Result<Geometry> validate(const layout::Ident& ident, std::uint64_t object_bytes);

// The last of these checks alone. kCorrupt: the section was cut.
[[nodiscard]] Result<void> check_length(const layout::Ident& ident, std::uint64_t object_bytes);

// Fills an ident for `geometry` and adds its checksum; label is cut to 64 bytes.
struct IdentFacts {
    std::uint64_t epoch = 0;
    std::int64_t created_unix_ns = 0;
    std::uint32_t creator_pid = 0;
    std::uint32_t wake = layout::kWakeFutex;
    std::string label = {};
};
[[nodiscard]] layout::Ident make_ident(const Geometry& geometry, const IdentFacts& facts);

}  // namespace mapferry::inline v1
