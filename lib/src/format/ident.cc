// SPDX-License-Identifier: Apache-2.0
#include "format/ident.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "format/geometry_plan.h"
#include "format/later_version.h"
#include "mapferry/detail/hash.h"

namespace mapferry::inline v1 {

namespace {

using layout::Ident;

std::unexpected<Status> bad_ident_field(const char* field, std::uint64_t value) {
    return fail(Code::kCorrupt, "the section's ident is damaged: " + std::string(field) + " is " +
                                    std::to_string(value));
}

std::uint64_t ident_checksum(const Ident& ident) {
    const auto bytes = std::as_bytes(std::span(&ident, 1));
    return xxh3_64(bytes.first(offsetof(Ident, ident_xxh3)));
}

bool delivery_is_known(std::uint32_t delivery) {
    return delivery >= layout::kDeliveryStream && delivery <= layout::kDeliveryBuffer;
}

Result<void> check_identity(const Ident& ident) {
    if (ident.magic == 0) return fail(Code::kNotReady, "the section is still being created");
    if (ident.magic != layout::kMagic)
        return fail(Code::kCorrupt, "this is not a mapferry section: its first bytes are wrong");
    if (ident.format_version == 0) return bad_ident_field("format_version", 0);
    if (ident.format_version != layout::kFormatVersion)
        return fail(Code::kVersion,
                    "the section has format version " + std::to_string(ident.format_version) +
                        ", this program supports version " + std::to_string(layout::kFormatVersion),
                    kSameVersionHint);
    if (ident.ident_bytes != sizeof(Ident))
        return bad_ident_field("ident_bytes", ident.ident_bytes);
    if (ident.ident_xxh3 != ident_checksum(ident))
        return bad_ident_field("ident_xxh3", ident.ident_xxh3);
    return check_flags(ident.flags, 0, "the section");
}

Result<void> check_ranges(const Ident& ident) {
    if (ident.epoch == 0) return bad_ident_field("epoch", ident.epoch);
    if (!delivery_is_known(ident.delivery)) return bad_ident_field("delivery", ident.delivery);
    if (ident.wake < layout::kWakeFutex || ident.wake > layout::kWakeEvent)
        return bad_ident_field("wake", ident.wake);
    if (ident.slot_capacity_bytes % layout::kPageBytes != 0)
        return bad_ident_field("slot_capacity_bytes", ident.slot_capacity_bytes);
    if (!buffer_size_agrees(static_cast<Delivery>(ident.delivery), ident.slot_count,
                            ident.slot_capacity_bytes, ident.buffer_bytes))
        return bad_ident_field("buffer_bytes", ident.buffer_bytes);
    return {};
}

}  // namespace

Result<void> check_length(const Ident& ident, std::uint64_t object_bytes) {
    if (ident.section_bytes <= object_bytes) return {};
    return fail(Code::kCorrupt, "the section was cut: its ident says " +
                                    std::to_string(ident.section_bytes) + " bytes, there are " +
                                    std::to_string(object_bytes));
}

Result<Geometry> validate(const Ident& ident, std::uint64_t object_bytes) {
    TRY(check_identity(ident));
    TRY(check_ranges(ident));
    auto geometry = plan({.delivery = static_cast<Delivery>(ident.delivery),
                          .slot_count = ident.slot_count,
                          .slot_capacity_bytes = ident.slot_capacity_bytes,
                          .reader_limit = ident.reader_limit,
                          .buffer_bytes = ident.buffer_bytes});
    if (!geometry)
        return blame(Code::kCorrupt, geometry.error(), "the section's ident is damaged: ");
    if (ident.readers_offset != geometry->readers_offset)
        return bad_ident_field("readers_offset", ident.readers_offset);
    if (ident.slots_offset != geometry->slots_offset)
        return bad_ident_field("slots_offset", ident.slots_offset);
    if (ident.payload_offset != geometry->payload_offset)
        return bad_ident_field("payload_offset", ident.payload_offset);
    if (ident.section_bytes != geometry->section_bytes)
        return bad_ident_field("section_bytes", ident.section_bytes);
    TRY(check_length(ident, object_bytes));
    return geometry;
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

}  // namespace mapferry::inline v1
