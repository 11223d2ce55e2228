// SPDX-License-Identifier: Apache-2.0
// An ident of any bytes: it is refused, or its geometry lies within the object.
#include "format/geometry.h"
#include "format/geometry_plan.h"
#include "format/ident.h"
#include "format/layout.h"
#include "fuzz/fuzz_input.h"
#include "mapferry/detail/hash.h"

namespace mapferry::testing {
namespace {

// The conditions that all users of the geometry rely on.
void check(const Geometry& geometry, std::uint64_t object_bytes) {
    require(geometry.reader_limit >= 1 && geometry.reader_limit <= layout::kReaderLimit,
            "1 to 64 readers");
    require(geometry.slot_count >= 1 && geometry.slot_capacity_bytes >= layout::kSlotCapacityMin,
            "at least one slot with room for a record");
    require(geometry.readers_offset == layout::kReadersOffset, "readers behind the header");
    require(geometry.slots_offset >=
                geometry.readers_offset + geometry.reader_limit * sizeof(layout::ReaderLine),
            "slots behind the readers");
    require(geometry.payload_offset % layout::kViewAlignBytes == 0, "payload can be mapped");
    require(geometry.payload_offset - geometry.slots_offset >=
                geometry.slot_count * sizeof(layout::Slot),
            "payload behind the slots");
    require(geometry.section_bytes <= object_bytes, "the section lies within the object");
    require((geometry.section_bytes - geometry.payload_offset) / geometry.slot_capacity_bytes ==
                geometry.slot_count,
            "every slot lies within the section");
    if (geometry.delivery == Delivery::kLatest || geometry.delivery == Delivery::kEach)
        require(geometry.slot_count <= layout::kFrameSlotsMax, "frames' slots have 16 bits");
    if (geometry.delivery == Delivery::kBuffer)
        require(geometry.buffer_bytes >= 1 && geometry.buffer_bytes <= geometry.slot_capacity_bytes,
                "the buffer lies within its slot");
}

// Random numbers are hardly ever consistent, so this makes them consistent as a forger would.
void make_plausible(layout::Ident& ident) {
    auto geometry = plan({.delivery = static_cast<Delivery>(ident.delivery),
                          .slot_count = ident.slot_count,
                          .slot_capacity_bytes = ident.slot_capacity_bytes,
                          .reader_limit = ident.reader_limit,
                          .buffer_bytes = ident.buffer_bytes});
    if (!geometry) return;
    ident.readers_offset = geometry->readers_offset;
    ident.slots_offset = geometry->slots_offset;
    ident.payload_offset = geometry->payload_offset;
    ident.section_bytes = geometry->section_bytes;
}

void run(FuzzInput input) {
    const auto how = input.take<std::uint8_t>();
    const auto object_bytes = input.take<std::uint64_t>();
    auto ident = input.take<layout::Ident>();
    if ((how & 1) != 0) {
        ident.magic = layout::kMagic;
        ident.format_version = layout::kFormatVersion;
        ident.ident_bytes = sizeof ident;
    }
    if ((how & 2) != 0) make_plausible(ident);
    if ((how & 4) != 0) {
        const auto bytes = std::as_bytes(std::span(&ident, 1));
        ident.ident_xxh3 = xxh3_64(bytes.first(offsetof(layout::Ident, ident_xxh3)));
    }
    const auto geometry = validate(ident, object_bytes);
    if (geometry)
        check(*geometry, object_bytes);
    else
        require(!geometry.error().message.empty(), "an error says what is wrong");
}

}  // namespace
}  // namespace mapferry::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mapferry::testing::run({data, size});
    return 0;
}
