// SPDX-License-Identifier: Apache-2.0
// Chunks with holes: what their descriptors claim, and that a false claim is refused before the
// reader acts on it.
#include <gtest/gtest.h>

#include "format/holes.h"
#include "stream/reader/chunk_parts.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::Bytes;
using testing::RingRig;

constexpr std::uint64_t kPage = layout::kPageBytes;
constexpr std::uint64_t kCapacity = 4 * kPage;

PlanRequest ring_of(Delivery delivery, std::uint64_t slots) {
    return {.delivery = delivery, .slot_count = slots, .slot_capacity_bytes = kCapacity};
}

// ---- units --------------------------------------------------------------------------------------

TEST(SparseChunk, UnitIsA64thOfASlotAndAPageAtLeast) {
    EXPECT_EQ(hole_unit_bytes(kPage), kPage);
    EXPECT_EQ(hole_unit_bytes(64 * kPage), kPage);
    EXPECT_EQ(hole_unit_bytes(65 * kPage), 2 * kPage);
    EXPECT_EQ(hole_unit_bytes(kHoleSlotMax), 256 * kPage);
    EXPECT_EQ(hole_unit_bytes(kHoleSlotMax + kPage), 0U);
}

TEST(SparseChunk, PartsAreAsLongAsTheyCanBe) {
    const ChunkHoles holes{.bits = 0b1001, .unit_bytes = kPage, .chunk_bytes = 3 * kPage + 9};
    EXPECT_FALSE(holes.is_all());
    const auto first = holes.part_at(0);
    EXPECT_EQ(first.end, kPage);
    EXPECT_TRUE(first.is_hole);
    const auto second = holes.part_at(kPage);
    EXPECT_EQ(second.end, 3 * kPage);
    EXPECT_FALSE(second.is_hole);
    const auto third = holes.part_at(3 * kPage);
    EXPECT_EQ(third.end, 3 * kPage + 9);
    EXPECT_TRUE(third.is_hole);
    const ChunkHoles full{
        .bits = ~std::uint64_t{0}, .unit_bytes = kPage, .chunk_bytes = 64 * kPage};
    EXPECT_TRUE(full.is_all());
    EXPECT_EQ(full.part_at(0).end, 64 * kPage);
}

TEST(SparseChunk, HashIsThatOfAllItsBytesWhateverItsHolesHave) {
    Bytes bytes = testing::random_bytes(3 * kPage + 9);
    HoleHash hash;
    const ChunkHoles some{.bits = 0b0010, .unit_bytes = kPage, .chunk_bytes = bytes.size()};
    const ChunkHoles all{.bits = 0b1111, .unit_bytes = kPage, .chunk_bytes = bytes.size()};
    const std::uint64_t of_some = hash.of(some, bytes);
    std::fill_n(bytes.begin() + kPage, kPage, std::byte{});
    EXPECT_EQ(of_some, xxh3_64(bytes));
    const Bytes zeros(bytes.size());
    EXPECT_EQ(hash.of(all, bytes), xxh3_64(zeros));
    EXPECT_EQ(hash.of(all, {}), xxh3_64(zeros));
}

TEST(SparseChunk, IsHandedOutPartByPart) {
    const Bytes bytes = testing::random_bytes(3 * kPage + 9);
    ChunkParts parts({.bits = 0b1001, .unit_bytes = kPage, .chunk_bytes = bytes.size()}, bytes, 1);
    EXPECT_EQ(parts.next(100).hole_bytes, 100U);
    EXPECT_EQ(parts.next(kCapacity).hole_bytes, kPage - 100);
    EXPECT_EQ(parts.next(kCapacity).bytes.size(), 2 * kPage);
    EXPECT_EQ(parts.next(kCapacity).hole_bytes, 9U);
    EXPECT_TRUE(parts.empty());
    parts = ChunkParts({.bits = 1, .unit_bytes = kPage, .chunk_bytes = kPage}, {}, 5);
    EXPECT_EQ(parts.next(kHoleRunMax).hole_bytes, 5 * kPage);
    EXPECT_TRUE(parts.empty());
}

// ---- the ring -----------------------------------------------------------------------------------

// Publishes a chunk with this claim; returns what the reader makes of it.
Result<std::optional<Message>> claim(Delivery delivery, const MessageFacts& facts,
                                     std::uint64_t bytes) {
    RingRig rig(ring_of(delivery, 8));
    RingReader& reader = delivery == Delivery::kKeep ? rig.add_reader() : rig.seat_reader();
    auto slot = rig.writer.acquire();
    if (!slot) return std::unexpected(slot.error());
    rig.writer.publish_hashed(facts, bytes, 0);
    rig.writer.flush();
    return reader.next();
}

void expect_refused(const MessageFacts& facts, std::uint64_t bytes, const std::string& field) {
    for (const Delivery delivery : {Delivery::kStream, Delivery::kKeep}) {
        const auto message = claim(delivery, facts, bytes);
        ASSERT_FALSE(message) << field;
        EXPECT_EQ(message.error().code, Code::kCorrupt);
        EXPECT_NE(message.error().message.find(field), std::string::npos)
            << message.error().message;
    }
}

TEST(SparseRing, RefusesHolesThatCannotBe) {
    constexpr std::uint32_t kHoles = layout::kSlotHoles;
    expect_refused({.flags = kHoles}, kCapacity, "holes");
    expect_refused({.flags = kHoles, .holes = 0b10000}, kCapacity, "holes");
    expect_refused({.flags = kHoles, .holes = 0b0010}, kPage, "holes");
    expect_refused({.flags = kHoles, .holes = 1}, 0, "holes");
    expect_refused({.kind = layout::kKindManifest, .flags = kHoles, .holes = 1}, kPage, "flags");
    expect_refused({.kind = layout::kKindEnd, .flags = kHoles, .holes = 1}, 64, "flags");
    expect_refused({.flags = layout::kSlotText | kHoles, .holes = 1}, kPage, "flags");
}

TEST(SparseRing, RefusesMoreSlotsThanThereAre) {
    constexpr std::uint32_t kHoles = layout::kSlotHoles;
    constexpr std::uint64_t kMost = ~std::uint64_t{0} - 1;
    expect_refused({.flags = kHoles, .holes = 0b0111, .more_slots = 1}, kCapacity, "more_slots");
    expect_refused({.flags = kHoles, .holes = 0b0111, .more_slots = 1}, 3 * kPage, "more_slots");
    expect_refused({.flags = kHoles, .holes = 0b1111, .more_slots = kMost}, kCapacity,
                   "more_slots");
    expect_refused({.flags = kHoles, .holes = 0b1111, .more_slots = kHoleRunMax / kCapacity},
                   kCapacity, "more_slots");
    const MessageFacts nine{.flags = kHoles, .holes = 0b1111, .more_slots = 8};
    const auto message = claim(Delivery::kKeep, nine, kCapacity);
    ASSERT_FALSE(message);
    EXPECT_NE(message.error().message.find("more_slots"), std::string::npos);
}

TEST(SparseRing, RefusesMoreSlotsThanArePublished) {
    RingRig rig(ring_of(Delivery::kKeep, 8));
    RingReader& reader = rig.add_reader();
    ASSERT_TRUE(rig.writer.acquire());
    rig.writer.publish_hashed({.flags = layout::kSlotHoles, .holes = 0b1111, .more_slots = 3},
                              kCapacity, 0);
    rig.section.view().writer_line().published = 2;
    const auto message = reader.next();
    ASSERT_FALSE(message);
    EXPECT_NE(message.error().message.find("more_slots"), std::string::npos);
}

// After a hole the ring continues where the hole ends, over many rounds.
TEST(SparseRing, GoesOnBehindHolesOfAnyLength) {
    RingRig rig(ring_of(Delivery::kStream, 3));
    RingReader& reader = rig.seat_reader();
    for (std::uint64_t more = 0; more < 20; ++more) {
        const std::uint64_t begin = rig.writer.next_sequence();
        ASSERT_TRUE(rig.writer.acquire(1 + more));
        rig.writer.publish_hashed(
            {.flags = layout::kSlotHoles, .holes = 0b1111, .more_slots = more}, kCapacity, 0);
        rig.writer.flush();
        EXPECT_EQ(rig.writer.next_sequence(), begin + 1 + more);
        const auto message = reader.next();
        ASSERT_TRUE(message) << message.error().message;
        EXPECT_EQ((*message)->slots(), 1 + more);
        EXPECT_EQ((*message)->payload_bytes(), (1 + more) * kCapacity);
        reader.done();
        reader.release();
        EXPECT_EQ(reader.sequence(), begin + 1 + more);
        ASSERT_TRUE(rig.put_next());
        rig.take_next(reader);
    }
}

TEST(SparseRing, HoleThatDoesNotFitAKeptSectionIsFull) {
    RingRig rig(ring_of(Delivery::kKeep, 4));
    EXPECT_TRUE(rig.writer.acquire(4));
    const auto acquired = rig.writer.acquire(5);
    ASSERT_FALSE(acquired);
    EXPECT_EQ(acquired.error().code, Code::kIo);
}

}  // namespace
}  // namespace mapferry
