#include "mapferry/geometry.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/checked_math.h"
#include "base/exception_boundary.h"
#include "mapferry/hash.h"

namespace mapferry {

namespace {

using layout::Ident;

constexpr std::uint64_t kSectionBytesMax = std::uint64_t{1} << 61;  // well under the role locks

std::unexpected<Status> bad_field(const char* field, std::uint64_t value) {
    return fail(
        Code::kCorrupt,
        "the section's ident is damaged: " + std::string(field) + " is " + std::to_string(value),
        "remove it with: mapferry-reader rm NAME");
}

std::uint64_t ident_checksum(const Ident& ident) {
    const auto bytes = std::as_bytes(std::span(&ident, 1));
    return xxh3_64(bytes.first(offsetof(Ident, ident_xxh3)));
}

Result<void> check_request(const PlanRequest& request) {
    if (request.slot_count < 1 || request.slot_count > layout::kSlotCountMax)
        return fail(Code::kUsage, "the number of slots must be 1 to 4294967296, not " +
                                      std::to_string(request.slot_count));
    if (request.slot_capacity_bytes < 1 || request.slot_capacity_bytes > layout::kSlotCapacityMax)
        return fail(Code::kUsage, "the slot size must be 1 byte to 1 TiB, not " +
                                      std::to_string(request.slot_capacity_bytes));
    // Where the newest frame is has 16 bits, and a reader of frames looks at every descriptor.
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

// A buffer is one slot with room for exactly its pages; nothing else has a size of its own.
bool buffer_size_agrees(Delivery delivery, std::uint64_t slot_count,
                        std::uint64_t slot_capacity_bytes, std::uint64_t buffer_bytes) {
    if (delivery != Delivery::kBuffer) return buffer_bytes == 0;
    return slot_count == 1 && buffer_bytes >= 1 && buffer_bytes <= layout::kSlotCapacityMax &&
           slot_capacity_for(buffer_bytes) == slot_capacity_bytes;
}

bool delivery_is_known(std::uint32_t delivery) {
    return delivery >= layout::kDeliveryStream && delivery <= layout::kDeliveryBuffer;
}

Result<void> check_identity(const Ident& ident) {
    if (ident.magic == 0) return fail(Code::kNotReady, "the section is still being created");
    if (ident.magic != layout::kMagic)
        return fail(Code::kCorrupt, "this is not a mapferry section: its first bytes are wrong");
    if (ident.format_version == 0) return bad_field("format_version", 0);
    if (ident.format_version != layout::kFormatVersion)
        return fail(Code::kVersion,
                    "the section speaks format version " + std::to_string(ident.format_version) +
                        ", this program speaks version " + std::to_string(layout::kFormatVersion),
                    "use the same mapferry version on both sides");
    if (ident.ident_bytes != sizeof(Ident)) return bad_field("ident_bytes", ident.ident_bytes);
    if (ident.ident_xxh3 != ident_checksum(ident)) return bad_field("ident_xxh3", ident.ident_xxh3);
    return {};
}

Result<void> check_ranges(const Ident& ident) {
    if (ident.epoch == 0) return bad_field("epoch", ident.epoch);
    if (!delivery_is_known(ident.delivery)) return bad_field("delivery", ident.delivery);
    if (ident.wake < layout::kWakeFutex || ident.wake > layout::kWakeEvent)
        return bad_field("wake", ident.wake);
    if (ident.slot_capacity_bytes % layout::kPageBytes != 0)
        return bad_field("slot_capacity_bytes", ident.slot_capacity_bytes);
    if (!buffer_size_agrees(static_cast<Delivery>(ident.delivery), ident.slot_count,
                            ident.slot_capacity_bytes, ident.buffer_bytes))
        return bad_field("buffer_bytes", ident.buffer_bytes);
    return {};
}

}  // namespace

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

Result<Geometry> plan(const PlanRequest& request) try {
    if (auto checked = check_request(request); !checked) return pass(checked.error());
    Geometry geometry;
    geometry.delivery = request.delivery;
    geometry.reader_limit = request.reader_limit;
    geometry.slot_count = request.slot_count;
    geometry.slot_capacity_bytes = slot_capacity_for(request.slot_capacity_bytes);
    geometry.buffer_bytes = request.buffer_bytes;
    if (!buffer_size_agrees(geometry.delivery, geometry.slot_count, geometry.slot_capacity_bytes,
                            geometry.buffer_bytes))
        return fail(Code::kUsage, std::to_string(request.slot_count) + " slots of " +
                                      std::to_string(request.slot_capacity_bytes) +
                                      " bytes make no buffer of " +
                                      std::to_string(request.buffer_bytes));
    geometry.readers_offset = layout::kReadersOffset;
    geometry.slots_offset =
        geometry.readers_offset + request.reader_limit * sizeof(layout::ReaderLine);
    // The count is at most 2^32 and a descriptor 2^7 bytes, so this can't overflow.
    geometry.payload_offset =
        round_up(geometry.slots_offset + geometry.slot_count * sizeof(layout::Slot),
                 layout::kViewAlignBytes);
    const auto payload = checked_multiply(geometry.slot_count, geometry.slot_capacity_bytes);
    const auto total = payload ? checked_add(geometry.payload_offset, *payload) : std::nullopt;
    if (!total || *total > kSectionBytesMax)
        return fail(Code::kUsage, std::to_string(request.slot_count) + " slots of " +
                                      std::to_string(request.slot_capacity_bytes) +
                                      " bytes are more than a section can hold");
    geometry.section_bytes = *total;
    return geometry;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Geometry> plan_buffer(std::uint64_t bytes) try {
    if (bytes < 1 || bytes > layout::kSlotCapacityMax)
        return fail(Code::kUsage,
                    "a buffer has 1 byte to 1 TiB, not " + std::to_string(bytes) + " bytes");
    return plan({.delivery = Delivery::kBuffer,
                 .slot_count = 1,
                 .slot_capacity_bytes = bytes,
                 .reader_limit = 1,
                 .buffer_bytes = bytes});
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Geometry> validate(const Ident& ident, std::uint64_t object_bytes) try {
    if (auto checked = check_identity(ident); !checked) return pass(checked.error());
    if (auto checked = check_ranges(ident); !checked) return pass(checked.error());
    auto geometry = plan({.delivery = static_cast<Delivery>(ident.delivery),
                          .slot_count = ident.slot_count,
                          .slot_capacity_bytes = ident.slot_capacity_bytes,
                          .reader_limit = ident.reader_limit,
                          .buffer_bytes = ident.buffer_bytes});
    if (!geometry)
        return blame(Code::kCorrupt, geometry.error(), "the section's ident is damaged: ");
    if (ident.readers_offset != geometry->readers_offset)
        return bad_field("readers_offset", ident.readers_offset);
    if (ident.slots_offset != geometry->slots_offset)
        return bad_field("slots_offset", ident.slots_offset);
    if (ident.payload_offset != geometry->payload_offset)
        return bad_field("payload_offset", ident.payload_offset);
    if (ident.section_bytes != geometry->section_bytes)
        return bad_field("section_bytes", ident.section_bytes);
    if (ident.section_bytes > object_bytes)
        return fail(Code::kCorrupt, "the section was cut: its ident says " +
                                        std::to_string(ident.section_bytes) + " bytes, there are " +
                                        std::to_string(object_bytes));
    return geometry;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Ident make_ident(const Geometry& geometry, const IdentFacts& facts) {
    Ident ident{};
    ident.magic = layout::kMagic;
    ident.format_version = layout::kFormatVersion;
    ident.ident_bytes = sizeof(Ident);
    ident.epoch = facts.epoch;
    ident.section_bytes = geometry.section_bytes;
    ident.delivery = static_cast<std::uint32_t>(geometry.delivery);
    ident.reader_limit = geometry.reader_limit;
    ident.slot_count = geometry.slot_count;
    ident.slot_capacity_bytes = geometry.slot_capacity_bytes;
    ident.readers_offset = geometry.readers_offset;
    ident.slots_offset = geometry.slots_offset;
    ident.payload_offset = geometry.payload_offset;
    ident.buffer_bytes = geometry.buffer_bytes;
    ident.created_unix_ns = facts.created_unix_ns;
    ident.creator_pid = facts.creator_pid;
    ident.wake = facts.wake;
    std::memcpy(ident.label, facts.label.data(),
                std::min<std::size_t>(facts.label.size(), sizeof(ident.label)));
    ident.ident_xxh3 = ident_checksum(ident);
    return ident;
}

}  // namespace mapferry
