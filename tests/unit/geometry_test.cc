// SPDX-License-Identifier: Apache-2.0
#include "format/geometry.h"
#include "format/ident.h"
#include "format/later_version.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>

#include "mapferry/detail/hash.h"
#include "support/heap_section.h"

namespace mapferry {
namespace {

using layout::Ident;
using testing::HeapSection;

constexpr std::uint64_t kMax64 = ~std::uint64_t{0};

PlanRequest request(Delivery delivery, std::uint64_t slot_count, std::uint64_t slot_bytes,
                    std::uint32_t reader_limit = 64) {
    return {.delivery = delivery,
            .slot_count = slot_count,
            .slot_capacity_bytes = slot_bytes,
            .reader_limit = reader_limit};
}

Ident good_ident(const Geometry& geometry) {
    return make_ident(geometry, {.epoch = 42, .label = "name"});
}

Geometry small_geometry() {
    return *plan(request(Delivery::kStream, 3, 8192, 5));
}

// ---- plan -----------------------------------------------------------------------------------

TEST(GeometryPlan, SurvivesTheWayThroughAnIdent) {
    for (const Delivery delivery :
         {Delivery::kStream, Delivery::kKeep, Delivery::kLatest, Delivery::kEach})
        for (const std::uint64_t slots : {1ull, 2ull, 3ull, 63ull, 480ull, 65'537ull, 1ull << 32})
            for (const std::uint64_t bytes :
                 {1ull, 4095ull, 4096ull, 4097ull, 262'144ull, 1ull << 28})
                for (const std::uint32_t readers : {1u, 2u, 63u, 64u}) {
                    const bool frames =
                        delivery == Delivery::kLatest || delivery == Delivery::kEach;
                    if (frames && slots > layout::kFrameSlotsMax) continue;
                    const auto planned = plan(request(delivery, slots, bytes, readers));
                    ASSERT_TRUE(planned) << slots << " x " << bytes;
                    const auto back = validate(good_ident(*planned), planned->section_bytes);
                    ASSERT_TRUE(back) << back.error().message;
                    EXPECT_EQ(*back, *planned);
                }
}

TEST(GeometryPlan, RegionsFollowEachOther) {
    for (const std::uint64_t slots : {1ull, 479ull, 480ull, 481ull, 1ull << 20}) {
        const auto g = plan(request(Delivery::kStream, slots, 10'000, 7));
        ASSERT_TRUE(g);
        EXPECT_EQ(g->slot_capacity_bytes, 12'288u);
        EXPECT_EQ(g->readers_offset, layout::kReadersOffset);
        EXPECT_EQ(g->slots_offset, g->readers_offset + 7 * 128);
        EXPECT_GE(g->payload_offset, g->slots_offset + slots * 128);
        EXPECT_LT(g->payload_offset - (g->slots_offset + slots * 128), layout::kViewAlignBytes);
        EXPECT_EQ(g->payload_offset % layout::kViewAlignBytes, 0u);
        EXPECT_EQ(g->section_bytes, g->payload_offset + slots * 12'288);
    }
}

TEST(GeometryPlan, KnowsSectionsBeyond4GiB) {
    const auto many = plan(request(Delivery::kKeep, 40'000, 262'144));
    ASSERT_TRUE(many);
    EXPECT_GT(many->section_bytes, std::uint64_t{9} << 30);
    const auto large = plan(request(Delivery::kLatest, 3, std::uint64_t{5} << 30));
    ASSERT_TRUE(large);
    EXPECT_EQ(large->section_bytes - large->payload_offset, std::uint64_t{15} << 30);
}

TEST(GeometryPlan, RefusesNumbersOutOfRange) {
    for (const PlanRequest& bad : {
             request(Delivery::kStream, 0, 4096),
             request(Delivery::kStream, layout::kSlotCountMax + 1, 4096),
             request(Delivery::kStream, kMax64, 4096),
             request(Delivery::kStream, 1, 0),
             request(Delivery::kStream, 1, layout::kSlotCapacityMax + 1),
             request(Delivery::kStream, 1, kMax64),
             request(Delivery::kStream, 1, 4096, 0),
             request(Delivery::kStream, 1, 4096, 65),
             request(Delivery::kStream, 1, 4096, 0xFFFFFFFF),
         }) {
        const auto planned = plan(bad);
        ASSERT_FALSE(planned) << bad.slot_count << " x " << bad.slot_capacity_bytes;
        EXPECT_EQ(planned.error().code, Code::kUsage);
    }
}

TEST(GeometryPlan, RefusesMoreSlotsOfFramesThanTheirNewestOneCanName) {
    for (const Delivery delivery : {Delivery::kLatest, Delivery::kEach}) {
        PlanRequest request{.delivery = delivery,
                            .slot_count = layout::kFrameSlotsMax,
                            .slot_capacity_bytes = 4096};
        EXPECT_TRUE(plan(request));
        ++request.slot_count;
        EXPECT_FALSE(plan(request));
    }
}

TEST(GeometryPlan, RefusesAProductThatDoesNotFit) {
    // 2^32 * 2^40 is 2^72, which is 2^8 in 64 bits.
    for (const std::uint64_t slots :
         {layout::kSlotCountMax, std::uint64_t{1} << 24, std::uint64_t{1} << 22}) {
        const auto planned = plan(request(Delivery::kKeep, slots, layout::kSlotCapacityMax));
        ASSERT_FALSE(planned) << slots;
        EXPECT_EQ(planned.error().code, Code::kUsage);
        EXPECT_NE(planned.error().message.find(std::to_string(slots)), std::string::npos);
    }
}

// ---- validate -------------------------------------------------------------------------------

struct Field {
    const char* name;
    std::size_t offset;
    std::size_t bytes;
};

#define MAPFERRY_FIELD(name)                              \
    Field {                                               \
        #name, offsetof(Ident, name), sizeof(Ident::name) \
    }
constexpr std::array kFields = {
    MAPFERRY_FIELD(magic),
    MAPFERRY_FIELD(format_version),
    MAPFERRY_FIELD(ident_bytes),
    MAPFERRY_FIELD(epoch),
    MAPFERRY_FIELD(section_bytes),
    MAPFERRY_FIELD(delivery),
    MAPFERRY_FIELD(reader_limit),
    MAPFERRY_FIELD(slot_count),
    MAPFERRY_FIELD(slot_capacity_bytes),
    MAPFERRY_FIELD(readers_offset),
    MAPFERRY_FIELD(slots_offset),
    MAPFERRY_FIELD(payload_offset),
    MAPFERRY_FIELD(created_unix_ns),
    MAPFERRY_FIELD(creator_pid),
    MAPFERRY_FIELD(wake),
    MAPFERRY_FIELD(buffer_bytes),
    MAPFERRY_FIELD(flags),
    MAPFERRY_FIELD(reserved0),
    MAPFERRY_FIELD(label),
    MAPFERRY_FIELD(reserved1),
    MAPFERRY_FIELD(ident_xxh3),
};
#undef MAPFERRY_FIELD

std::uint64_t get(const Ident& ident, const Field& field) {
    std::uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const std::byte*>(&ident) + field.offset,
                std::min<std::size_t>(field.bytes, 8));
    return value;
}

Ident with(Ident ident, const Field& field, std::uint64_t value) {
    std::memcpy(reinterpret_cast<std::byte*>(&ident) + field.offset, &value,
                std::min<std::size_t>(field.bytes, 8));
    return ident;
}

Ident sealed(Ident ident) {
    ident.ident_xxh3 =
        xxh3_64(std::as_bytes(std::span(&ident, 1)).first(offsetof(Ident, ident_xxh3)));
    return ident;
}

std::vector<std::uint64_t> wrong_values(const Ident& ident, const Field& field) {
    const std::uint64_t right = get(ident, field);
    const std::uint64_t mask = field.bytes == 4 ? 0xFFFFFFFF : kMax64;
    std::vector<std::uint64_t> wrong;
    for (const std::uint64_t value :
         {std::uint64_t{0}, kMax64, right + 1, right - 1, right << 1, std::uint64_t{1} << 31,
          std::uint64_t{1} << 62, std::uint64_t{1} << 63, std::uint64_t{0x1000}, kMax64 - 4095})
        if ((value & mask) != right) wrong.push_back(value & mask);
    return wrong;
}

// The values that a forger with the right checksum may choose freely: these fields lead nowhere.
bool is_free(const Field& field, std::uint64_t value) {
    const std::string name = field.name;
    if (name == "epoch") return value != 0;
    if (name == "delivery") return value >= 1 && value <= 4;  // 5 needs a buffer's size
    if (name == "wake") return value >= 1 && value <= 3;
    if (name == "flags") return (value & kFlagsToKnow) == 0;
    return name == "created_unix_ns" || name == "creator_pid" || name == "reserved0" ||
           name == "label" || name == "reserved1";
}

TEST(GeometryDamage, TableHasEveryField) {
    std::size_t next = 0;
    for (const Field& field : kFields) {
        EXPECT_EQ(field.offset, next) << field.name;
        next = field.offset + field.bytes;
    }
    EXPECT_EQ(next, sizeof(Ident));
}

TEST(GeometryDamage, AnyFieldWithAnyWrongValueIsRefused) {
    const Ident ident = good_ident(small_geometry());
    for (const Field& field : kFields)
        for (const std::uint64_t value : wrong_values(ident, field)) {
            const auto result = validate(with(ident, field, value), kMax64);
            ASSERT_FALSE(result) << field.name << " = " << value;
            const std::string name = field.name;
            // Version 0 never existed: the value means that the number is missing.
            const Code code = name == "format_version" && value != 0 ? Code::kVersion
                              : name == "magic" && value == 0        ? Code::kNotReady
                                                                     : Code::kCorrupt;
            EXPECT_EQ(result.error().code, code) << field.name << " = " << value;
        }
}

TEST(GeometryDamage, AnyFieldWithAnyWrongValueIsRefusedThoughTheChecksumFits) {
    const Ident ident = good_ident(small_geometry());
    for (const Field& field : kFields) {
        if (field.offset == offsetof(Ident, ident_xxh3)) continue;
        for (const std::uint64_t value : wrong_values(ident, field)) {
            const auto result = validate(sealed(with(ident, field, value)), kMax64);
            EXPECT_EQ(result.has_value(), is_free(field, value)) << field.name << " = " << value;
            if (!result || std::string(field.name) == "delivery") continue;
            EXPECT_EQ(*result, small_geometry()) << field.name << " = " << value;
        }
    }
}

TEST(GeometryDamage, MessageNamesFieldAndValue) {
    const Ident ident = good_ident(small_geometry());
    for (const Field& field : kFields) {
        const std::string name = field.name;
        if (name == "magic" || name == "format_version" || name == "slot_count" ||
            name == "reader_limit" || is_free(field, 0) || name == "ident_xxh3")
            continue;
        const auto result = validate(sealed(with(ident, field, 12'345)), kMax64);
        if (name == "epoch") continue;
        ASSERT_FALSE(result) << name;
        EXPECT_NE(result.error().message.find(name + " is 12345"), std::string::npos)
            << result.error().message;
    }
}

TEST(GeometryDamage, EveryFlippedBitIsRefused) {
    HeapSection section(request(Delivery::kKeep, 2, 4096, 3));
    ASSERT_TRUE(section.open());
    for (std::uint64_t bit = 0; bit < sizeof(Ident) * 8; ++bit) {
        section.flip_bit(bit);
        EXPECT_FALSE(section.open()) << "bit " << bit % 8 << " of byte " << bit / 8;
        section.flip_bit(bit);
    }
    ASSERT_TRUE(section.open());
}

TEST(GeometryDamage, IdentCutAtAnyByteIsRefused) {
    for (std::uint64_t bytes = 0; bytes < sizeof(Ident); ++bytes) {
        HeapSection section(request(Delivery::kKeep, 1, 4096, 1));
        section.truncate_to(bytes);
        const auto opened = section.open();
        ASSERT_FALSE(opened) << bytes;
        EXPECT_EQ(opened.error().code, bytes == 0 ? Code::kNotReady : Code::kCorrupt) << bytes;
    }
}

TEST(GeometryDamage, ObjectCutAtAnyByteIsRefused) {
    const Geometry geometry = *plan(request(Delivery::kKeep, 2, 4096, 3));
    const Ident ident = good_ident(geometry);
    for (std::uint64_t bytes = 0; bytes < geometry.section_bytes; ++bytes) {
        const auto result = validate(ident, bytes);
        ASSERT_FALSE(result) << bytes;
        ASSERT_EQ(result.error().code, Code::kCorrupt) << bytes;
    }
    const auto cut = validate(ident, geometry.section_bytes - 1);
    EXPECT_NE(cut.error().message.find("was cut"), std::string::npos);
    EXPECT_NE(cut.error().message.find(std::to_string(geometry.section_bytes)), std::string::npos);
    EXPECT_NE(cut.error().message.find(std::to_string(geometry.section_bytes - 1)),
              std::string::npos);
}

// Windows rounds a section up to whole pages, and reports that size.
TEST(GeometryValidate, TakesTheSizeFromTheIdentNotFromTheObject) {
    const Geometry geometry = small_geometry();
    for (const std::uint64_t object_bytes : {geometry.section_bytes, geometry.section_bytes + 1,
                                             geometry.section_bytes + 65'536, kMax64}) {
        const auto result = validate(good_ident(geometry), object_bytes);
        ASSERT_TRUE(result);
        EXPECT_EQ(result->section_bytes, geometry.section_bytes);
    }
}

TEST(GeometryValidate, ZeroMagicIsNotReadyWhateverFollows) {
    Ident ident = good_ident(small_geometry());
    ident.magic = 0;
    EXPECT_EQ(validate(ident, kMax64).error().code, Code::kNotReady);
    EXPECT_EQ(validate(Ident{}, kMax64).error().code, Code::kNotReady);
    EXPECT_EQ(validate(Ident{}, 0).error().code, Code::kNotReady);
}

TEST(GeometryValidate, OtherVersionIsNamedBesideOurs) {
    Ident ident = good_ident(small_geometry());
    ident.format_version = 7;
    // The size and the checksum of another version's ident mean nothing to this version.
    ident.ident_bytes = 512;
    ident.ident_xxh3 = 0;
    const auto result = validate(ident, kMax64);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kVersion);
    EXPECT_NE(result.error().message.find("version 7"), std::string::npos);
    EXPECT_NE(result.error().message.find("version 1"), std::string::npos);
    EXPECT_FALSE(result.error().hint.empty());
}

TEST(GeometryValidate, ForeignBytesAreNoSection) {
    Ident ident = good_ident(small_geometry());
    std::memcpy(&ident.magic, "BM\x36\xA0\x7B\x01\0\0", 8);
    const auto result = validate(ident, kMax64);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kCorrupt);
    EXPECT_NE(result.error().message.find("not a mapferry section"), std::string::npos);
}

// The offsets follow from the geometry. An ident that contradicts itself is therefore refused even
// where each number alone would be harmless.
TEST(GeometryValidate, RefusesNumbersThatDoNotBelongTogether) {
    const Ident ident = good_ident(small_geometry());
    const Geometry larger = *plan(request(Delivery::kStream, 4, 8192, 5));
    Ident more_slots = ident;
    more_slots.slot_count = 4;
    EXPECT_FALSE(validate(sealed(more_slots), kMax64));
    more_slots.section_bytes = larger.section_bytes;
    EXPECT_TRUE(validate(sealed(more_slots), kMax64));
    EXPECT_FALSE(validate(sealed(more_slots), larger.section_bytes - 1));
}

TEST(GeometryValidate, RefusesProductsThatDoNotFit) {
    Ident ident = good_ident(small_geometry());
    ident.slot_count = layout::kSlotCountMax;
    ident.slot_capacity_bytes = layout::kSlotCapacityMax;
    ident.section_bytes = ident.payload_offset;  // what a product modulo 2^64 would give
    const auto result = validate(sealed(ident), kMax64);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kCorrupt);
}

TEST(IdentMaking, CutsALongLabel) {
    const Ident ident = make_ident(small_geometry(), {.epoch = 1, .label = std::string(100, 'x')});
    for (const std::uint8_t letter : ident.label)
        EXPECT_EQ(letter, 'x');
    EXPECT_EQ(ident.reserved1[0], 0u);
    EXPECT_TRUE(validate(ident, kMax64));
}

TEST(IdentMaking, LeavesUnusedBytesZero) {
    const Ident ident = make_ident(small_geometry(), {.epoch = 1, .label = "ab"});
    for (std::size_t i = 2; i < sizeof(ident.label); ++i)
        EXPECT_EQ(ident.label[i], 0) << i;
    EXPECT_EQ(ident.flags | ident.reserved0, 0u);
    for (const std::uint64_t word : ident.reserved1)
        EXPECT_EQ(word, 0u);
}

TEST(DeliveryName, IsAWordForEach) {
    EXPECT_EQ(delivery_name(Delivery::kStream), "stream");
    EXPECT_EQ(delivery_name(Delivery::kKeep), "keep");
    EXPECT_EQ(delivery_name(Delivery::kLatest), "latest");
    EXPECT_EQ(delivery_name(Delivery::kEach), "each");
    EXPECT_EQ(delivery_name(Delivery::kBuffer), "buffer");
    EXPECT_EQ(delivery_name(static_cast<Delivery>(9)), "unknown");
}

}  // namespace
}  // namespace mapferry
