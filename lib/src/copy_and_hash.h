// Copies bytes into a section and takes their checksum on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry {

// Copies `source` to the beginning of `target` and gives its XXH3-64, in one pass over the source.
// REQUIRES: target is at least as long. Thread-safe.
[[nodiscard]] std::uint64_t copy_and_hash(std::span<std::byte> target,
                                          std::span<const std::byte> source);

}  // namespace mapferry
