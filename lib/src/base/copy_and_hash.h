// SPDX-License-Identifier: Apache-2.0
// Copies a frame into a section, past the caches where that is faster, and takes its checksum on
// the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::inline v1 {

// Both copy `source` to the beginning of `target`, in one pass over the source. REQUIRES: target is
// at least as long. Thread-safe.
void copy_only(std::span<std::byte> target, std::span<const std::byte> source);
// Returns the XXH3-64 of the bytes.
[[nodiscard]] std::uint64_t copy_and_hash(std::span<std::byte> target,
                                          std::span<const std::byte> source);

}  // namespace mapferry::inline v1
