// SPDX-License-Identifier: Apache-2.0
// Parts of a payload that its source does not store: they are said in a chunk's descriptor.
#include <algorithm>
#include <cstring>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "base/try.h"
#include "stream/writer/writer_impl.h"

namespace mapferry {

ChunkHoles Writer::Impl::chunk_holes() const {
    return {.bits = holes,
            .unit_bytes = hole_unit_bytes(section.view.geometry().slot_capacity_bytes),
            .chunk_bytes = filled_bytes};
}

// Zeros that are there. REQUIRES: they fit the current chunk.
Result<void> Writer::Impl::add_zeros(std::uint64_t bytes) {
    if (bytes == 0) return {};
    TRY_ASSIGN(auto target, open_chunk(bytes));
    std::memset(target.data(), 0, static_cast<std::size_t>(bytes));
    filled_bytes += bytes;
    return {};
}

// A hole within the current chunk. Units that it covers in part are zeros that are there, but for
// the payload's last one.
Result<void> Writer::Impl::add_hole(std::uint64_t bytes) {
    const std::uint64_t unit = hole_unit_bytes(section.view.geometry().slot_capacity_bytes);
    const std::uint64_t end = filled_bytes + bytes;
    if (unit == 0) return add_zeros(bytes);
    const bool is_last = info.payload_bytes && sent_bytes + end == *info.payload_bytes;
    const std::uint64_t first = divide_up(filled_bytes, unit);
    // The last unit of a slot and of a payload may be shorter.
    const bool ends_short = is_last || end == section.view.geometry().slot_capacity_bytes;
    const std::uint64_t behind = ends_short ? divide_up(end, unit) : end / unit;
    if (first >= behind) return add_zeros(bytes);
    TRY(add_zeros(first * unit - filled_bytes));
    TRY(open_chunk(0));
    holes |= bits_between(first, behind);
    filled_bytes = std::min(behind * unit, end);
    return add_zeros(end - filled_bytes);
}

// Whole slots, as one message. REQUIRES: no chunk is begun, and holes fit the slots.
Result<void> Writer::Impl::put_hole_slots(std::uint64_t slots) {
    TRY_ASSIGN(auto acquired, acquire(0, slots));
    slot = acquired;
    filled_bytes = slot.size();
    holes = ChunkHoles{.unit_bytes = hole_unit_bytes(slot.size()), .chunk_bytes = slot.size()}
                .all_bits();
    const std::uint64_t xxh3 = hole_hash.of(chunk_holes(), {});
    for (std::uint64_t i = 0; i < slots; ++i)
        digest_chunk(xxh3);
    ring.publish_hashed({.kind = layout::kKindChunk,
                         .flags = layout::kSlotHoles,
                         .payload_offset = sent_bytes,
                         .payload_index = payloads,
                         .holes = holes,
                         .more_slots = slots - 1},
                        filled_bytes, xxh3);
    count_chunk(slots);
    return {};
}

Result<void> Writer::write_hole(std::uint64_t bytes) try {
    if (impl_->section.inherited()) return opened_before_fork(impl_->section);
    if (!impl_->in_payload) return fail(Code::kUsage, "no payload has begun");
    if (bytes == 0) return {};
    const std::uint64_t capacity = impl_->section.view.geometry().slot_capacity_bytes;
    const std::uint64_t slots_most = capacity <= kHoleSlotMax ? kHoleRunMax / capacity : 0;
    if (auto spelled = impl_->expand(); !spelled)
        return explain(impl_->section, std::move(spelled));
    while (bytes != 0) {
        const std::uint64_t slots =
            impl_->filled_bytes == 0 ? std::min(bytes / capacity, slots_most) : 0;
        const std::uint64_t piece =
            slots != 0 ? slots * capacity : std::min(bytes, capacity - impl_->filled_bytes);
        auto put = slots != 0 ? impl_->put_hole_slots(slots) : impl_->add_hole(piece);
        if (put && impl_->filled_bytes == capacity) put = impl_->hand_over_chunk();
        TRY(require_intact(impl_->section, std::move(put)));
        bytes -= piece;
    }
    return {};
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry
