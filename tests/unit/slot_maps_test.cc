// SPDX-License-Identifier: Apache-2.0
// Slots that are mapped on demand are the same memory as in a section mapped whole.
#include "section/slot_maps.h"
#include "format/geometry_plan.h"

#include <gtest/gtest.h>

#include <cstring>

#include "support/named_section.h"
#include "support/unique_name.h"

namespace mapferry::testing {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

class SlotsOfASection : public ::testing::Test {
  protected:
    void make(std::uint64_t slot_count, std::uint64_t slot_capacity_bytes) {
        const auto geometry = plan({.delivery = Delivery::kLatest,
                                    .slot_count = slot_count,
                                    .slot_capacity_bytes = slot_capacity_bytes});
        ASSERT_TRUE(geometry) << describe(geometry.error());
        auto made = prepare_section(section_name_.address(), *geometry, ReserveNow::kAll);
        ASSERT_TRUE(made) << describe(made.error());
        section_ = std::move(*made);
    }
    [[nodiscard]] const Geometry& geometry() const { return section_.view.geometry(); }
    SlotBytes bytes_of(SlotMaps& maps, std::uint64_t slot, std::uint64_t bytes) {
        auto found = maps.bytes_of(section_.object, slot, bytes);
        EXPECT_TRUE(found) << describe(found.error());
        return found ? *found : SlotBytes{};
    }

    const UniqueSection section_name_;
    MappedSection section_;
};

TEST_F(SlotsOfASection, AreThoseOfTheWhole) {
    struct Shape {
        std::uint64_t slot_count;
        std::uint64_t slot_capacity_bytes;
    };
    // Sizes that are no multiple of the alignment of a map, for slots mapped alone and several
    // together.
    for (const Shape shape : {Shape{3, kMiB + 4 * kKiB}, Shape{300, 60 * kKiB},
                              Shape{5, 17 * kMiB + 4 * kKiB}, Shape{2, 64 * kKiB}}) {
        SCOPED_TRACE(shape.slot_capacity_bytes);
        make(shape.slot_count, shape.slot_capacity_bytes);
        SlotMaps maps(geometry(), platform::Access::kReadWrite);
        const auto whole = platform::map(section_.object, geometry().payload_offset,
                                         geometry().section_bytes - geometry().payload_offset,
                                         platform::Access::kRead);
        ASSERT_TRUE(whole) << describe(whole.error());
        const std::uint64_t capacity = geometry().slot_capacity_bytes;
        for (std::uint64_t slot = 0; slot < shape.slot_count; ++slot) {
            const auto mark = static_cast<std::byte>(slot + 1);
            const auto found = bytes_of(maps, slot, capacity);
            ASSERT_EQ(found.bytes.size(), capacity);
            found.bytes.front() = found.bytes.back() = mark;
            EXPECT_EQ(whole->data()[slot * capacity], mark);
            EXPECT_EQ(whole->data()[(slot + 1) * capacity - 1], mark);
        }
    }
}

TEST_F(SlotsOfASection, StayWhereTheyAreForWhoeverHasThemWhenALargerFrameComes) {
    make(4, 40 * kMiB);
    SlotMaps maps(geometry(), platform::Access::kReadWrite);
    const auto small = bytes_of(maps, 2, 5);
    std::memcpy(small.bytes.data(), "small", 5);
    const auto large = bytes_of(maps, 2, 30 * kMiB);
    EXPECT_NE(large.map, small.map);
    EXPECT_EQ(std::memcmp(small.bytes.data(), "small", 5), 0);
    EXPECT_EQ(std::memcmp(large.bytes.data(), "small", 5), 0);
    EXPECT_EQ(bytes_of(maps, 2, 7).map, large.map) << "what is mapped is enough";
}

TEST_F(SlotsOfASection, WithoutBytesHaveAPlaceToo) {
    make(2, 40 * kMiB);
    SlotMaps maps(geometry(), platform::Access::kRead);
    EXPECT_NE(bytes_of(maps, 1, 0).bytes.data(), nullptr);
}

TEST_F(SlotsOfASection, OfManyGigabytesTakeFewAddresses) {
    const auto large =
        plan({.delivery = Delivery::kLatest, .slot_count = 131, .slot_capacity_bytes = 64 * kMiB});
    ASSERT_TRUE(large);
    auto object = platform::create_object(section_name_.address(), large->section_bytes);
    ASSERT_TRUE(object) << describe(object.error());
    SlotMaps maps(*large, platform::Access::kRead);
    const auto found = maps.bytes_of(*object, 130, 3 * kMiB);
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_LE(found->map->bytes(), 3 * kMiB + layout::kViewAlignBytes);
}

}  // namespace
}  // namespace mapferry::testing
