// SPDX-License-Identifier: Apache-2.0
#include "format/geometry_plan.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/checked_math.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/layout.h"

namespace mapferry::inline v1 {

namespace {

constexpr std::uint64_t kSectionBytesMax = std::uint64_t{1} << 61;  // well under the role locks

Result<void> check_request(const PlanRequest& request) {
    if (request.slot_count < 1 || request.slot_count > layout::kSlotCountMax)
        return fail(Code::kUsage, "the number of slots must be 1 to 4294967296, not " +
                                      std::to_string(request.slot_count));
    if (request.slot_capacity_bytes < 1 || request.slot_capacity_bytes > layout::kSlotCapacityMax)
        return fail(Code::kUsage, "the slot size must be 1 byte to 1 TiB, not " +
                                      std::to_string(request.slot_capacity_bytes));
    // The word for the newest frame has 16 bits for its slot, and readers of frames look at every
    // descriptor.
    if (carries_frames(request.delivery) && request.slot_count > layout::kFrameSlotsMax)
        return fail(Code::kUsage, "a stream of frames has at most 65536 slots, not " +
                                      std::to_string(request.slot_count));
    if (request.reader_limit < 1 || request.reader_limit > layout::kReaderLimit)
        return fail(Code::kUsage, "the number of readers must be 1 to 64, not " +
                                      std::to_string(request.reader_limit));
    return {};
}

std::uint64_t slot_capacity_for(std::uint64_t bytes) {
    return std::max(round_up(bytes, layout::kPageBytes), layout::kSlotCapacityMin);
}

// The public constants are the section's.
static_assert(kReaderLimit == layout::kReaderLimit && kSlotCountMax == layout::kSlotCountMax);
static_assert(std::to_underlying(Delivery::kStream) == layout::kDeliveryStream &&
              std::to_underlying(Delivery::kKeep) == layout::kDeliveryKeep &&
              std::to_underlying(Delivery::kLatest) == layout::kDeliveryLatest &&
              std::to_underlying(Delivery::kEach) == layout::kDeliveryEach &&
              std::to_underlying(Delivery::kBuffer) == layout::kDeliveryBuffer);

}  // namespace

bool buffer_size_agrees(Delivery delivery, std::uint64_t slot_count,
                        std::uint64_t slot_capacity_bytes, std::uint64_t buffer_bytes) {
    if (delivery != Delivery::kBuffer) return buffer_bytes == 0;
    return slot_count == 1 && buffer_bytes >= 1 && buffer_bytes <= layout::kSlotCapacityMax &&
           slot_capacity_for(buffer_bytes) == slot_capacity_bytes;
}

std::string_view delivery_name(Delivery delivery) {
    switch (delivery) {
        case Delivery::kStream:
            return "stream";
        case Delivery::kKeep:
            return "keep";
        case Delivery::kLatest:
            return "latest";
        case Delivery::kEach:
            return "each";
        case Delivery::kBuffer:
            return "buffer";
    }
    return "unknown";
}

Result<Geometry> plan(const PlanRequest& request) {
    TRY(check_request(request));
    Geometry geometry;
    geometry.delivery = request.delivery;
    geometry.reader_limit = request.reader_limit;
    geometry.slot_count = request.slot_count;
    geometry.slot_capacity_bytes = slot_capacity_for(request.slot_capacity_bytes);
    geometry.buffer_bytes = request.buffer_bytes;
    if (!buffer_size_agrees(geometry.delivery, geometry.slot_count, geometry.slot_capacity_bytes,
                            geometry.buffer_bytes))
        return fail(Code::kUsage, "a buffer of " + std::to_string(request.buffer_bytes) +
                                      " bytes needs one slot that holds it, not " +
                                      std::to_string(request.slot_count) + " slots of " +
                                      std::to_string(request.slot_capacity_bytes) + " bytes");
    geometry.readers_offset = layout::kReadersOffset;
    geometry.slots_offset =
        geometry.readers_offset + request.reader_limit * sizeof(layout::ReaderLine);
    // The count is at most 2^32 and a descriptor 2^7 bytes, so this can't overflow.
    geometry.payload_offset =
        round_up(carries_frames(request.delivery)
                     ? description_offset(geometry, 0) +
                           layout::kDescriptionAreas * layout::kDescriptionAreaBytes
                     : descriptors_end(geometry),
                 layout::kViewAlignBytes);
    const auto payload = checked_multiply(geometry.slot_count, geometry.slot_capacity_bytes);
    const auto total = payload ? checked_add(geometry.payload_offset, *payload) : std::nullopt;
    if (!total || *total > kSectionBytesMax)
        return fail(Code::kUsage, std::to_string(request.slot_count) + " slots of " +
                                      std::to_string(request.slot_capacity_bytes) +
                                      " bytes are more than a section can hold");
    geometry.section_bytes = *total;
    return geometry;
}

Result<Geometry> plan_buffer(std::uint64_t bytes) {
    if (bytes < 1 || bytes > layout::kSlotCapacityMax)
        return fail(Code::kUsage,
                    "a buffer has 1 byte to 1 TiB, not " + std::to_string(bytes) + " bytes");
    return plan({.delivery = Delivery::kBuffer,
                 .slot_count = 1,
                 .slot_capacity_bytes = bytes,
                 .reader_limit = 1,
                 .buffer_bytes = bytes});
}

}  // namespace mapferry::inline v1
