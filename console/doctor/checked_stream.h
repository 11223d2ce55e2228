// SPDX-License-Identifier: Apache-2.0
// Sends bytes and a checksum behind them through a pipe or a file. All ways of `mapferry bench`
// except mapping do this, so that both sides hash every byte, as both sides of a section do.
//
//     payload | XXH3-64 of the payload, 8 bytes
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "mapferry/status.h"

namespace mapferry::cli {

// Reads available bytes into the span and returns their number; 0 at the end.
using ReadSome = std::function<Result<std::size_t>(std::span<std::byte>)>;
// Writes all bytes of the span.
using WriteAll = std::function<Result<void>(std::span<const std::byte>)>;

// Reads to the end, and writes all bytes and their checksum.
[[nodiscard]] Result<void> send_checked(const ReadSome& read, const WriteAll& write);

// Reads `payload_bytes` and the checksum behind them. kCorrupt: they do not match; kPeerGone: the
// end came too early.
[[nodiscard]] Result<void> receive_checked(const ReadSome& read, std::uint64_t payload_bytes);

}  // namespace mapferry::cli
