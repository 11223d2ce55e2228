// SPDX-License-Identifier: Apache-2.0
// A verified chunk with holes, handed out part by part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/holes.h"
#include "mapferry/payload.h"

namespace mapferry::inline v1 {

class ChunkParts {
  public:
    ChunkParts() = default;
    // The chunk's `bytes` must not change until all of them are handed out. A chunk of several
    // slots is one hole.
    ChunkParts(const ChunkHoles& holes, std::span<const std::byte> bytes, std::uint64_t slots)
        : holes_(holes),
          bytes_(bytes),
          left_bytes_(holes.is_all() ? slots * holes.chunk_bytes : 0),
          at_(holes.is_all() ? holes.chunk_bytes : 0) {}

    [[nodiscard]] bool empty() const { return left_bytes_ == 0 && at_ == holes_.chunk_bytes; }
    // REQUIRES: !empty().
    [[nodiscard]] Piece next(std::uint64_t hole_bytes_most);

  private:
    ChunkHoles holes_;
    std::span<const std::byte> bytes_;
    std::uint64_t left_bytes_ = 0;  // of the hole that is being handed out
    std::uint64_t at_ = 0;          // where the part behind it begins
};

// Copies the parts that are no holes.
void copy_parts(const ChunkHoles& holes, std::span<const std::byte> from,
                std::span<std::byte> target);

}  // namespace mapferry::inline v1
