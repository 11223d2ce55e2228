// SPDX-License-Identifier: Apache-2.0
// Copies a frame into a section, and takes its checksum on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::inline v1 {

enum class CopyWay : std::uint8_t {
    kThroughCaches,
    kPastCaches,  // for what would not stay in the caches until it is read
};

// Both copy `source` to the beginning of `target`, in one pass over the source. REQUIRES: target is
// at least as long. Thread-safe.
void copy_only(std::span<std::byte> target, std::span<const std::byte> source, CopyWay way);
// Returns the XXH3-64 of the bytes.
[[nodiscard]] std::uint64_t copy_and_hash(std::span<std::byte> target,
                                          std::span<const std::byte> source, CopyWay way);

}  // namespace mapferry::inline v1
