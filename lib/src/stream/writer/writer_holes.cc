// SPDX-License-Identifier: Apache-2.0
// Holes: parts of a payload that its source does not store. A chunk's descriptor names them.
#include <algorithm>
#include <cstring>

#include "base/checked_math.h"
#include "base/fail.h"
#include "base/try.h"
#include "stream/writer/writer_impl.h"

namespace mapferry::inline v1 {

ChunkHoles Writer::Impl::chunk_holes() const {
    return {.bits = payload.chunk.holes,
            .unit_bytes = hole_unit_bytes(slot_bytes()),
            .chunk_bytes = payload.chunk.filled_bytes};
}

// Adds zeros that are stored. REQUIRES: they fit the current chunk.
Result<void> Writer::Impl::add_zeros(std::uint64_t bytes) {
    if (bytes == 0) return {};
    TRY_ASSIGN(auto target, open_chunk(bytes));
    std::memset(target.data(), 0, static_cast<std::size_t>(bytes));
    payload.chunk.filled_bytes += bytes;
    return {};
}

// Adds a hole within the current chunk. A unit that it covers only in part becomes stored zeros,
// except at the end of the slot or of the payload.
Result<void> Writer::Impl::add_hole(std::uint64_t bytes) {
    OpenChunk& chunk = payload.chunk;
    const std::uint64_t unit = hole_unit_bytes(slot_bytes());
    const std::uint64_t end = chunk.filled_bytes + bytes;
    if (unit == 0) return add_zeros(bytes);
    const bool is_last = payload.info.payload_bytes == payload.sent_bytes + end;
    const std::uint64_t first = divide_up(chunk.filled_bytes, unit);
    // The last unit of a slot and of a payload may be shorter.
    const bool ends_short = is_last || end == slot_bytes();
    const std::uint64_t behind = ends_short ? divide_up(end, unit) : end / unit;
    if (first >= behind) return add_zeros(bytes);
    TRY(add_zeros(first * unit - chunk.filled_bytes));
    // The slot is acquired, but no memory for its bytes: nobody touches a hole.
    TRY(open_chunk(0));
    chunk.holes |= bits_between(first, behind);
    chunk.filled_bytes = std::min(behind * unit, end);
    return add_zeros(end - chunk.filled_bytes);
}

// Publishes whole slots of a hole as one message. REQUIRES: no chunk is begun, and the slots are
// small enough for holes.
Result<void> Writer::Impl::put_hole_slots(std::uint64_t slots) {
    OpenChunk& chunk = payload.chunk;
    TRY_ASSIGN(chunk.slot, acquire(0, slots));
    const std::uint64_t bytes = chunk.slot.size();
    chunk.filled_bytes = bytes;
    chunk.holes = ChunkHoles{.unit_bytes = hole_unit_bytes(bytes), .chunk_bytes = bytes}.all_bits();
    const std::uint64_t xxh3 = hole_hash.of(chunk_holes(), {});
    for (std::uint64_t i = 0; i < slots; ++i)
        digest_chunk(xxh3);
    ring.publish_hashed({.kind = layout::kKindChunk,
                         .flags = layout::kSlotHoles,
                         .payload_offset = payload.sent_bytes,
                         .payload_index = payloads,
                         .holes = chunk.holes,
                         .more_slots = slots - 1},
                        bytes, xxh3);
    count_chunk(slots);
    return {};
}

Result<void> Writer::Impl::write_hole(std::uint64_t bytes) {
    if (!payload.is_under_way()) return fail(Code::kUsage, "no payload has begun");
    if (bytes == 0) return {};
    const std::uint64_t capacity = slot_bytes();
    const std::uint64_t slots_most = capacity <= kHoleSlotMax ? kHoleRunMax / capacity : 0;
    const OpenChunk& chunk = payload.chunk;
    TRY(expand());
    while (bytes != 0) {
        const std::uint64_t slots =
            chunk.filled_bytes == 0 ? std::min(bytes / capacity, slots_most) : 0;
        const std::uint64_t piece =
            slots != 0 ? slots * capacity : std::min(bytes, capacity - chunk.filled_bytes);
        TRY(slots != 0 ? put_hole_slots(slots) : add_hole(piece));
        if (chunk.filled_bytes == capacity) TRY(hand_over_chunk());
        TRY(require_intact(section, Result<void>()));
        bytes -= piece;
    }
    return {};
}

}  // namespace mapferry::inline v1
