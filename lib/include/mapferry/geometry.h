// Where things are in a section: computed by plan() for a new one, distrusted by validate() for
// somebody else's. Pure arithmetic: no operating system, no memory but the arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mapferry/layout.h"
#include "mapferry/status.h"

namespace mapferry {

enum class Delivery : std::uint32_t {
    kStream = layout::kDeliveryStream,
    kKeep = layout::kDeliveryKeep,
    kLatest = layout::kDeliveryLatest,
    kEach = layout::kDeliveryEach,
    kBuffer = layout::kDeliveryBuffer,  // see shared_buffer.h
};

// "stream", "keep", "latest", "each" or "buffer".
[[nodiscard]] std::string_view delivery_name(Delivery delivery);

[[nodiscard]] constexpr bool carries_frames(Delivery delivery) {
    return delivery == Delivery::kLatest || delivery == Delivery::kEach;
}

// Every number a process needs to find its way in a section. Offsets are from the section's first
// byte; a validated Geometry lies wholly inside section_bytes.
struct Geometry {
    Delivery delivery = Delivery::kStream;
    std::uint32_t reader_limit = 0;
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;
    std::uint64_t readers_offset = 0;
    std::uint64_t slots_offset = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t section_bytes = 0;
    std::uint64_t buffer_bytes = 0;  // kBuffer: its size, which its one slot has room for

    friend bool operator==(const Geometry&, const Geometry&) = default;
};

struct PlanRequest {
    Delivery delivery = Delivery::kStream;
    std::uint64_t slot_count = 0;
    std::uint64_t slot_capacity_bytes = 0;  // rounded up to whole pages
    std::uint32_t reader_limit = layout::kReaderLimit;
    std::uint64_t buffer_bytes = 0;  // kBuffer only: see plan_buffer
    std::uint64_t slots_needed = 0;  // kKeep: fewer can't hold the workload
};

// The geometry of a new section. kUsage when a number is out of range or the section's size would
// not fit 63 bits.
[[nodiscard]] Result<Geometry> plan(const PlanRequest& request);
// The same for a buffer of exactly `bytes`.
[[nodiscard]] Result<Geometry> plan_buffer(std::uint64_t bytes);

// What is known beforehand of the payloads that will pass. For sizing only: sending more than
// announced is allowed in a stream and fails in keep when the slots run out.
struct Workload {
    std::span<const std::uint64_t> known_bytes = {};  // one size for each payload of known size
    std::uint64_t unknown_count = 0;                  // payloads whose size only their end tells
    std::uint64_t space_bytes = 0;  // what the backing can give: bounds keep with unknown sizes
    // Of the known payloads, what is in no hole, where one has holes: keep takes no more memory.
    std::optional<std::uint64_t> stored_bytes = {};
};

// A good slot size and count for the workload. Non-zero `slot_capacity_bytes` / `slot_count` are
// the user's wish and kept. Small payloads get small rings, so that they start in a millisecond;
// `keep` gets enough slots that nothing is ever reused. kUsage when a wished slot_count is too
// small for keep.
[[nodiscard]] Result<PlanRequest> advise(Delivery delivery, const Workload& workload,
                                         std::uint64_t slot_capacity_bytes,
                                         std::uint64_t slot_count);

// The next smaller ring for a stream that advise() would have liked larger: first fewer slots, then
// smaller ones, then fewer still. In keep, where the slots are for payloads of unknown size: fewer.
// Nothing when there is none.
[[nodiscard]] std::optional<PlanRequest> smaller_ring(const PlanRequest& request);

// Checks a private copy of an ident against the number of bytes that the section's object has, and
// trusts nothing in it: magic, version, checksum, ranges, and that every offset is the one that
// plan() computes. kVersion names both versions, kCorrupt the field and its value. kNotReady: the
// magic is still zero.
[[nodiscard]] Result<Geometry> validate(const layout::Ident& ident, std::uint64_t object_bytes);

// Fills an ident for `geometry`, checksum included; label is cut to 64 bytes.
struct IdentFacts {
    std::uint64_t epoch = 0;
    std::int64_t created_unix_ns = 0;
    std::uint32_t creator_pid = 0;
    std::uint32_t wake = layout::kWakeFutex;
    std::string label = {};
};
[[nodiscard]] layout::Ident make_ident(const Geometry& geometry, const IdentFacts& facts);

}  // namespace mapferry
