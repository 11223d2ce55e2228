// SPDX-License-Identifier: Apache-2.0
// The functions that the roles of streams share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::bench {

enum class Hashing : std::uint8_t { kOff, kOn };

// Returns the number of bytes that it read; 0 at the end.
[[nodiscard]] std::size_t read_some(int descriptor, std::span<std::byte> buffer);
// Fills the whole buffer. Gives up when the stream ends earlier.
void read_all(int descriptor, std::span<std::byte> buffer);
void write_all(int descriptor, std::span<const std::byte> bytes);

}  // namespace mapferry::bench
