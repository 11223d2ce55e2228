// SPDX-License-Identifier: Apache-2.0
#include "format/ring_size.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/checked_math.h"
#include "base/fail.h"
#include "format/layout.h"

namespace mapferry::inline v1 {

// The numbers below are from the ring benchmarks in docs/decisions/0002-ring-geometry.md.
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

// A block of this size stays in the second-level cache between being filled, hashed and copied.
constexpr std::uint64_t kSlotBytesBest = 256 * kKiB;
// A larger ring leaves the caches: 1 GiB into an existing file takes 0.45 s through 16 MiB, 0.37 s
// through 8 MiB, 0.34 s through 4 MiB and 0.32 s through 2 MiB, but 2 MiB lose when the output is
// dropped (medians of 9 rounds).
constexpr std::uint64_t kRingBytesBest = 4 * kMiB;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
// Slots that are used again are warm, and a fresh page costs more than the way of its bytes. So
// small payloads get a small ring of small slots (docs/decisions/0050-small-rings.md). The last row
// is for all larger ones.
struct RingFor {
    std::uint64_t total_bytes_most;
    std::uint64_t slot_bytes;
    std::uint64_t ring_bytes;
};
constexpr std::array kRings{
    RingFor{2 * kMiB, 32 * kKiB, 128 * kKiB}, RingFor{8 * kMiB, 32 * kKiB, 256 * kKiB},
    RingFor{48 * kMiB, 64 * kKiB, 512 * kKiB}, RingFor{kMost, kSlotBytesBest, kRingBytesBest}};
// Payloads that fit such a slot come in great numbers, and more slots save wake-ups.
constexpr std::uint64_t kSmallSlotBytes = 16 * kKiB;
constexpr std::uint64_t kRingBytesOfSmall = kMiB;
constexpr std::uint64_t kRingSlotsMax = 1024;  // small messages: more slots gain nothing
constexpr std::uint64_t kRingSlotsMin = 2;
constexpr std::uint64_t kRingSlotsGood = 8;      // fewer only when slots can't be smaller either
constexpr std::uint64_t kRecordsPerPayload = 2;  // manifest and end
constexpr std::uint64_t kHeaderBytesMax = 2 * layout::kViewAlignBytes;

// The messages that the payloads of known size need; saturates.
std::uint64_t messages_needed(std::span<const std::uint64_t> known_bytes,
                              std::uint64_t slot_bytes) {
    std::uint64_t total = 0;
    for (const std::uint64_t bytes : known_bytes) {
        const auto sum = checked_add(total, kRecordsPerPayload + divide_up(bytes, slot_bytes));
        if (!sum) return kMost;
        total = *sum;
    }
    return total;
}

std::uint64_t bytes_needed(const Workload& workload, std::uint64_t slot_bytes) {
    const auto total = checked_multiply(messages_needed(workload.known_bytes, slot_bytes),
                                        slot_bytes + sizeof(layout::Slot));
    return total.value_or(kMost);
}

std::uint64_t total_bytes(const Workload& workload) {
    std::uint64_t total = 0;
    for (const std::uint64_t bytes : workload.known_bytes)
        total = checked_add(total, bytes).value_or(kMost);
    return total;
}

// Each further reader needs room to be behind, as if there was as much more to send.
const RingFor& ring_for(const Workload& workload, std::uint32_t readers) {
    if (workload.unknown_count != 0 || workload.known_bytes.empty()) return kRings.back();
    const auto total = checked_multiply(total_bytes(workload), std::max(readers, 1U));
    return *std::ranges::find_if(kRings, [&](const RingFor& ring) {
        return total.value_or(kMost) <= ring.total_bytes_most;
    });
}

std::uint64_t stream_slot_bytes(const Workload& workload, std::uint32_t readers) {
    const std::uint64_t best = ring_for(workload, readers).slot_bytes;
    if (workload.unknown_count != 0 || workload.known_bytes.empty()) return best;
    const std::uint64_t largest = *std::ranges::max_element(workload.known_bytes);
    if (largest >= best) return best;
    return std::max(round_up(largest, layout::kPageBytes), layout::kSlotCapacityMin);
}

// The slot size that wastes least. Many small payloads must not take 256 KiB each.
std::uint64_t keep_slot_bytes(const Workload& workload) {
    if (workload.unknown_count != 0) return kSlotBytesBest;
    std::uint64_t best = kSlotBytesBest;
    for (std::uint64_t slot = kSlotBytesBest; slot >= layout::kSlotCapacityMin; slot /= 2) {
        // A smaller slot must save at least a twentieth, because it costs more work for each byte.
        if (bytes_needed(workload, slot) < bytes_needed(workload, best) / 20 * 19) best = slot;
    }
    return best;
}

std::uint64_t stream_slot_count(const Workload& workload, std::uint64_t slot_bytes,
                                std::uint32_t readers) {
    const std::uint64_t least = slot_bytes <= kSmallSlotBytes ? kRingBytesOfSmall : 0;
    const std::uint64_t ring_bytes = std::max(ring_for(workload, readers).ring_bytes, least);
    const std::uint64_t most = std::clamp(ring_bytes / slot_bytes, kRingSlotsMin, kRingSlotsMax);
    if (workload.unknown_count != 0) return most;
    const std::uint64_t needed = messages_needed(workload.known_bytes, slot_bytes);
    return std::clamp(needed, kRingSlotsMin, most);
}

// Counts one chunk for each payload of unknown size; saturates.
std::uint64_t keep_slots_needed(const Workload& workload, std::uint64_t slot_bytes) {
    const std::uint64_t known = messages_needed(workload.known_bytes, slot_bytes);
    const auto unknown = checked_multiply(workload.unknown_count, kRecordsPerPayload + 1);
    const auto needed = unknown ? checked_add(known, *unknown) : std::nullopt;
    return std::max<std::uint64_t>(needed.value_or(kMost), 1);
}

std::uint64_t keep_slot_count(const Workload& workload, std::uint64_t slot_bytes) {
    const std::uint64_t needed = keep_slots_needed(workload, slot_bytes);
    if (workload.unknown_count == 0) return needed;
    // Payloads of unknown size get as many slots as the backing could ever hold. Only slots that
    // are filled are reserved, each when its turn comes.
    const std::uint64_t space =
        workload.space_bytes > kHeaderBytesMax ? workload.space_bytes - kHeaderBytesMax : 0;
    const std::uint64_t possible = space / (slot_bytes + sizeof(layout::Slot));
    return std::clamp(possible, needed, std::max(needed, layout::kSlotCountMax));
}

}  // namespace

Result<PlanRequest> advise(Delivery delivery, const Workload& workload,
                           std::uint64_t slot_capacity_bytes, std::uint64_t slot_count,
                           std::uint32_t readers) {
    PlanRequest request{.delivery = delivery};
    const bool keep = delivery == Delivery::kKeep;
    if (slot_capacity_bytes != 0) {
        if (slot_capacity_bytes > layout::kSlotCapacityMax)
            return fail(Code::kUsage, "a slot can't be larger than 1 TiB");
        request.slot_capacity_bytes =
            std::max(round_up(slot_capacity_bytes, layout::kPageBytes), layout::kSlotCapacityMin);
    } else {
        request.slot_capacity_bytes =
            keep ? keep_slot_bytes(workload) : stream_slot_bytes(workload, readers);
    }
    if (keep) request.slots_needed = keep_slots_needed(workload, request.slot_capacity_bytes);
    request.slot_count = slot_count;
    if (slot_count == 0) {
        request.slot_count =
            keep ? keep_slot_count(workload, request.slot_capacity_bytes)
                 : stream_slot_count(workload, request.slot_capacity_bytes, readers);
    } else if (keep) {
        const std::uint64_t needed =
            messages_needed(workload.known_bytes, request.slot_capacity_bytes);
        if (slot_count < needed)
            return fail(Code::kUsage,
                        "keeping these payloads takes " + std::to_string(needed) + " slots of " +
                            std::to_string(request.slot_capacity_bytes) + " bytes, not " +
                            std::to_string(slot_count),
                        "leave the number of slots to mapferry, or make the slots larger");
    }
    return request;
}

std::optional<PlanRequest> smaller_ring(const PlanRequest& request) {
    PlanRequest smaller = request;
    if (request.delivery == Delivery::kKeep) {
        const std::uint64_t least = std::max<std::uint64_t>(request.slots_needed, 1);
        if (request.slot_count <= least) return std::nullopt;
        smaller.slot_count = std::max(request.slot_count / 2, least);
        return smaller;
    }
    const std::uint64_t half_slot = round_up(request.slot_capacity_bytes / 2, layout::kPageBytes);
    if (request.slot_count > kRingSlotsGood)
        smaller.slot_count = std::max(request.slot_count / 2, kRingSlotsGood);
    else if (request.slot_capacity_bytes > layout::kSlotCapacityMin)
        smaller.slot_capacity_bytes = std::max(half_slot, layout::kSlotCapacityMin);
    else if (request.slot_count > kRingSlotsMin)
        smaller.slot_count = std::max(request.slot_count / 2, kRingSlotsMin);
    else
        return std::nullopt;
    return smaller;
}

}  // namespace mapferry::inline v1
