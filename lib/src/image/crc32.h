// SPDX-License-Identifier: Apache-2.0
// The checksum of PNG's chunks (W3C "Portable Network Graphics", annex D).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapferry::inline v1 {

[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace mapferry::inline v1
