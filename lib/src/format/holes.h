// SPDX-License-Identifier: Apache-2.0
// Chunks with holes (layout::kSlotHoles). A chunk is divided into units of a 64th of a slot, and at
// least a page. A unit whose bit is set in Slot.holes is zeros that the source does not store. Its
// bytes in the slot are never read; in keep they may be missing, and reading them would take
// memory. xxh3 is taken over all of the message's bytes, including zeros. After a slot that is a
// hole as a whole, `more_slots` further slots may be the same. These have no descriptors of their
// own, and the next message is the one behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "format/layout.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

// Larger slots have no holes: a descriptor must not make a reader hash zeros for long.
inline constexpr std::uint64_t kHoleSlotMax = std::uint64_t{64} << 20;
// The most that one message may stand for: its reader must be seen to make progress.
inline constexpr std::uint64_t kHoleRunMax = std::uint64_t{1} << 30;

// The unit of Slot.holes; 0 where the slots are too large for holes.
[[nodiscard]] std::uint64_t hole_unit_bytes(std::uint64_t slot_capacity_bytes);

// Bits `first` to `end` - 1; `end` is at most 64.
[[nodiscard]] std::uint64_t bits_between(std::uint64_t first, std::uint64_t end);

// The parts of one message that are holes.
struct ChunkHoles {
    std::uint64_t bits = 0;        // Slot.holes
    std::uint64_t unit_bytes = 0;  // not 0 where a bit is set
    std::uint64_t chunk_bytes = 0;

    // The value of `bits` when all of the chunk is a hole.
    [[nodiscard]] std::uint64_t all_bits() const;
    [[nodiscard]] bool is_all() const { return bits != 0 && bits == all_bits(); }

    struct Part {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        bool is_hole = false;
        [[nodiscard]] std::uint64_t bytes() const { return end - begin; }
    };
    // The longest part of one kind that begins at `begin`. REQUIRES: begin < chunk_bytes.
    [[nodiscard]] Part part_at(std::uint64_t begin) const;
};

[[nodiscard]] ChunkHoles holes_of(const layout::Slot& facts, std::uint64_t slot_capacity_bytes);

// At most `most` zeros: at least one, unless `most` is 0.
[[nodiscard]] std::span<const std::byte> zero_bytes(std::uint64_t most);

// Takes in a whole chunk. Its holes count as zeros, whatever `bytes` has there.
void update_with_chunk(Digest128& digest, const ChunkHoles& holes,
                       std::span<const std::byte> bytes);

// XXH3-64 of chunks with holes. One thread at a time.
class HoleHash {
  public:
    [[nodiscard]] std::uint64_t of(const ChunkHoles& holes, std::span<const std::byte> bytes);

  private:
    Digest128 digest_;
    std::uint64_t zeros_ = 0;  // the number of zeros that zeros_xxh3_ is of; 0 = none yet
    std::uint64_t zeros_xxh3_ = 0;
};

}  // namespace mapferry::inline v1
