// SPDX-License-Identifier: Apache-2.0
// Geometry of buffers: one slot, and a size of their own that only the ident holds.
#include <gtest/gtest.h>

#include "format/geometry.h"
#include "format/geometry_plan.h"
#include "format/ident.h"
#include "format/layout.h"

namespace mapferry {
namespace {

using layout::Ident;

constexpr std::uint64_t kBufferMax64 = ~std::uint64_t{0};

PlanRequest buffer_request(Delivery delivery, std::uint64_t slot_count, std::uint64_t slot_bytes,
                           std::uint64_t buffer_bytes) {
    return {.delivery = delivery,
            .slot_count = slot_count,
            .slot_capacity_bytes = slot_bytes,
            .reader_limit = 1,
            .buffer_bytes = buffer_bytes};
}

Ident good_buffer_ident(const Geometry& geometry) {
    return make_ident(geometry, {.epoch = 42, .label = "name"});
}

TEST(GeometryPlanBuffer, KeepsTheExactSizeThroughAnIdent) {
    for (const std::uint64_t bytes :
         {1ull, 4095ull, 4096ull, 4097ull, 65'537ull, 5ull << 30, (1ull << 40) - 1, 1ull << 40}) {
        const auto planned = plan_buffer(bytes);
        ASSERT_TRUE(planned) << bytes;
        EXPECT_EQ(planned->buffer_bytes, bytes);
        EXPECT_GE(planned->slot_capacity_bytes, bytes);
        EXPECT_EQ(planned->slot_count, 1u);
        const auto back = validate(good_buffer_ident(*planned), planned->section_bytes);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(*back, *planned);
    }
}

TEST(GeometryPlanBuffer, RefusesNoBytesAndMoreThanATebibyte) {
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, (std::uint64_t{1} << 40) + 1, std::uint64_t{1} << 63, kBufferMax64}) {
        const auto planned = plan_buffer(bytes);
        ASSERT_FALSE(planned) << bytes;
        EXPECT_EQ(planned.error().code, Code::kUsage);
    }
}

TEST(GeometryPlanBuffer, SizeAndSlotMustAgree) {
    EXPECT_TRUE(plan(buffer_request(Delivery::kBuffer, 1, 8192, 4097)));
    EXPECT_FALSE(plan(buffer_request(Delivery::kBuffer, 2, 4096, 4096)));
    EXPECT_FALSE(plan(buffer_request(Delivery::kBuffer, 1, 8192, 4096)));
    EXPECT_FALSE(plan(buffer_request(Delivery::kBuffer, 1, 4096, 4097)));
    EXPECT_FALSE(plan(buffer_request(Delivery::kBuffer, 1, 4096, 0)));
    EXPECT_FALSE(plan(buffer_request(Delivery::kStream, 1, 8192, 1))) << "only a buffer has a size";
}

TEST(GeometryPlanBuffer, ForgedSizesAreRefused) {
    const auto planned = plan_buffer(5000);
    ASSERT_TRUE(planned);
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, std::uint64_t{4096}, std::uint64_t{8193}, kBufferMax64}) {
        Geometry forged = *planned;
        forged.buffer_bytes = bytes;
        const auto back = validate(good_buffer_ident(forged), planned->section_bytes);
        ASSERT_FALSE(back) << bytes;
        EXPECT_EQ(back.error().code, Code::kCorrupt);
    }
}

}  // namespace
}  // namespace mapferry
