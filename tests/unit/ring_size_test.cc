// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "format/geometry.h"
#include "format/geometry_plan.h"
#include "format/layout.h"
#include "format/ring_size.h"

namespace mapferry {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;

using Sizes = std::vector<std::uint64_t>;

// The messages that a writer needs: manifest, chunks, end.
std::uint64_t messages_of(const Sizes& sizes, std::uint64_t slot_bytes) {
    std::uint64_t count = 0;
    for (const std::uint64_t bytes : sizes)
        count += 2 + (bytes + slot_bytes - 1) / slot_bytes;
    return count;
}

PlanRequest advised(Delivery delivery, const Sizes& sizes, std::uint64_t slot_bytes = 0,
                    std::uint64_t slot_count = 0) {
    const auto request = advise(delivery, {.known_bytes = sizes}, slot_bytes, slot_count);
    EXPECT_TRUE(request) << request.error().message;
    return request.value_or(PlanRequest{});
}

std::uint64_t ring_bytes(const PlanRequest& request) {
    return request.slot_count * request.slot_capacity_bytes;
}

TEST(SizingOfStreams, SmallPayloadsGetSmallRings) {
    for (const std::uint64_t bytes : {0ull, 1ull, 4095ull, 4096ull, 4097ull}) {
        const PlanRequest request = advised(Delivery::kStream, {bytes});
        EXPECT_LE(ring_bytes(request), 64 * kKiB) << bytes;
        EXPECT_TRUE(plan(request)) << bytes;
    }
}

TEST(SizingOfStreams, LargePayloadsGetTheMeasuredRing) {
    for (const std::uint64_t bytes : {128 * kMiB, 5 * 1024 * kMiB, kHuge}) {
        const PlanRequest request = advised(Delivery::kStream, {bytes});
        EXPECT_EQ(request.slot_capacity_bytes, 256 * kKiB) << bytes;
        EXPECT_EQ(ring_bytes(request), 4 * kMiB) << bytes;
    }
}

TEST(SizingOfStreams, PayloadsInBetweenUseTheirSlotsAgain) {
    EXPECT_EQ(ring_bytes(advised(Delivery::kStream, {kMiB})), 128 * kKiB);
    EXPECT_EQ(ring_bytes(advised(Delivery::kStream, {4 * kMiB})), 256 * kKiB);
    EXPECT_EQ(ring_bytes(advised(Delivery::kStream, {16 * kMiB})), 512 * kKiB);
    EXPECT_EQ(ring_bytes(advised(Delivery::kStream, {64 * kMiB})), 4 * kMiB);
    // A writer of many small payloads must not wait for each of them.
    const Sizes sizes(1000, 4 * kKiB);
    EXPECT_EQ(advised(Delivery::kStream, sizes).slot_count, 256u);
}

TEST(SizingOfStreams, NeverTakeMoreThanThePayloadNeedsOr4MiB) {
    for (std::uint64_t bytes = 0; bytes < 40 * kMiB; bytes = bytes * 2 + 1) {
        const PlanRequest request = advised(Delivery::kStream, {bytes});
        EXPECT_LE(ring_bytes(request), 4 * kMiB) << bytes;
        EXPECT_LE(request.slot_count,
                  std::max<std::uint64_t>(messages_of({bytes}, request.slot_capacity_bytes), 2))
            << bytes;
    }
}

TEST(SizingOfStreams, ManyReadersGetTheRingOfALargerPayload) {
    const auto ring_for = [](std::uint64_t bytes, std::uint32_t readers) {
        const Sizes sizes{bytes};
        return ring_bytes(advise(Delivery::kStream, {.known_bytes = sizes}, 0, 0, readers).value());
    };
    EXPECT_EQ(ring_for(kMiB, 8), 256 * kKiB);
    EXPECT_EQ(ring_for(16 * kMiB, 2), 512 * kKiB);
    EXPECT_EQ(ring_for(16 * kMiB, 8), 4 * kMiB);
    EXPECT_EQ(ring_for(kHuge, 64), 4 * kMiB);
}

TEST(SizingOfStreams, UnknownSizesGetTheMeasuredRing) {
    const auto request = advise(Delivery::kStream, {.unknown_count = 1}, 0, 0);
    ASSERT_TRUE(request);
    EXPECT_EQ(ring_bytes(*request), 4 * kMiB);
}

TEST(SizingOfStreams, EmptyWorkloadStillGivesASection) {
    const PlanRequest request = advised(Delivery::kStream, {});
    EXPECT_TRUE(plan(request));
    EXPECT_GE(request.slot_count, 2u);
}

TEST(SizingOfKeep, AroundTheSlotEdgesIsExact) {
    for (const std::uint64_t slot : {4 * kKiB, 64 * kKiB, 256 * kKiB})
        for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, slot - 1, slot,
                                          slot + 1, 10 * slot - 1, 10 * slot, 10 * slot + 1}) {
            const PlanRequest request = advised(Delivery::kKeep, {bytes}, slot);
            EXPECT_EQ(request.slot_capacity_bytes, slot);
            EXPECT_EQ(request.slot_count, messages_of({bytes}, slot)) << bytes << " by " << slot;
        }
}

TEST(SizingOfKeep, EmptyWorkloadStillGivesASection) {
    EXPECT_TRUE(plan(advised(Delivery::kKeep, {})));
}

TEST(SizingOfKeep, ManySmallPayloadsDoNotTakeALargeSlotEach) {
    const Sizes sizes(1000, 100);
    const PlanRequest request = advised(Delivery::kKeep, sizes);
    EXPECT_EQ(request.slot_capacity_bytes, 4 * kKiB);
    EXPECT_EQ(request.slot_count, 3000u);
}

TEST(SizingOfKeep, LargePayloadWastesAtMostATenth) {
    for (const std::uint64_t bytes : {10 * kMiB, 25 * kMiB + 1, 64 * kMiB, 5 * 1024 * kMiB}) {
        const PlanRequest request = advised(Delivery::kKeep, {bytes});
        EXPECT_GE(ring_bytes(request), bytes);
        EXPECT_LE(ring_bytes(request), bytes + bytes / 10) << bytes;
    }
}

TEST(SizingOfKeep, HoldsAnyWorkloadExactly) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 2000; ++round) {
        Sizes sizes(static_cast<std::size_t>(random() % 20));
        for (std::uint64_t& bytes : sizes)
            bytes = random() % (std::uint64_t{1} << random() % 34);
        const std::uint64_t wish = random() % 3 == 0 ? 1 + random() % (8 * kMiB) : 0;
        const PlanRequest request = advised(Delivery::kKeep, sizes, wish);
        const std::uint64_t needed = messages_of(sizes, request.slot_capacity_bytes);
        EXPECT_EQ(request.slot_count, std::max<std::uint64_t>(needed, 1)) << "round " << round;
        const auto geometry = plan(request);
        ASSERT_TRUE(geometry) << geometry.error().message;
        EXPECT_EQ(geometry->slot_capacity_bytes, request.slot_capacity_bytes) << "round " << round;
    }
}

TEST(SizingOfKeep, WithTooFewSlotsIsRefusedWithTheNumbers) {
    const Sizes sizes = {10 * kMiB};
    const std::uint64_t needed = messages_of(sizes, kMiB);
    EXPECT_TRUE(advise(Delivery::kKeep, {.known_bytes = sizes}, kMiB, needed));
    const auto refused = advise(Delivery::kKeep, {.known_bytes = sizes}, kMiB, needed - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kUsage);
    EXPECT_NE(refused.error().message.find(std::to_string(needed)), std::string::npos);
    EXPECT_NE(refused.error().message.find(std::to_string(needed - 1)), std::string::npos);
    EXPECT_FALSE(refused.error().hint.empty());
}

TEST(SizingOfKeep, UnknownSizeGetsAllTheSpaceThereIs) {
    const auto request =
        advise(Delivery::kKeep, {.unknown_count = 1, .space_bytes = 512 * kMiB}, 0, 0);
    ASSERT_TRUE(request);
    const auto geometry = plan(*request);
    ASSERT_TRUE(geometry);
    EXPECT_LE(geometry->section_bytes, 512 * kMiB);
    EXPECT_GE(geometry->section_bytes, 510 * kMiB);
}

TEST(SizingOfKeep, UnknownSizeWithoutSpaceStillHoldsAManifestAChunkAndAnEnd) {
    for (const std::uint64_t space : {0ull, 1ull, 128ull << 10, (128ull << 10) + 1}) {
        const auto request =
            advise(Delivery::kKeep, {.unknown_count = 2, .space_bytes = space}, 0, 0);
        ASSERT_TRUE(request);
        EXPECT_GE(request->slot_count, 6u) << space;
        EXPECT_TRUE(plan(*request));
    }
}

TEST(SizingOfKeep, UnknownSizeInHugeSpaceStaysWithinTheFormat) {
    for (const std::uint64_t space : {kHuge, ~std::uint64_t{0}})
        for (const std::uint64_t slot : {std::uint64_t{0}, 4 * kKiB, kMiB}) {
            const auto request =
                advise(Delivery::kKeep, {.unknown_count = 1, .space_bytes = space}, slot, 0);
            ASSERT_TRUE(request);
            EXPECT_LE(request->slot_count, layout::kSlotCountMax);
        }
}

TEST(SizingWishes, AreKept) {
    for (const Delivery delivery : {Delivery::kStream, Delivery::kKeep}) {
        const PlanRequest both = advised(delivery, {kMiB}, 64 * kKiB, 500);
        EXPECT_EQ(both.slot_capacity_bytes, 64 * kKiB);
        EXPECT_EQ(both.slot_count, 500u);
        EXPECT_EQ(advised(delivery, {kMiB}, 64 * kKiB).slot_capacity_bytes, 64 * kKiB);
        EXPECT_EQ(advised(delivery, {kMiB}, 0, 700).slot_count, 700u);
        EXPECT_EQ(both.delivery, delivery);
    }
    EXPECT_EQ(advised(Delivery::kStream, {kHuge}, 4096, 1).slot_count, 1u);
}

TEST(SizingWishes, SlotSizesBecomeWholePages) {
    for (const auto& [wish, given] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
             {1, 4096}, {4095, 4096}, {4096, 4096}, {4097, 8192}, {100'000, 102'400}})
        EXPECT_EQ(advised(Delivery::kStream, {1}, wish).slot_capacity_bytes, given);
}

TEST(SizingWishes, TooLargeASlotIsRefused) {
    for (const std::uint64_t wish : {layout::kSlotCapacityMax + 1, ~std::uint64_t{0}}) {
        const auto refused = advise(Delivery::kStream, {}, wish, 0);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::kUsage);
    }
}

TEST(SizingWishes, TooManySlotsAreRefusedByThePlan) {
    const auto request = advise(Delivery::kStream, {}, 4096, ~std::uint64_t{0});
    EXPECT_FALSE(request && plan(*request));
}

// Whatever the request, the answer is a section that holds it or a refusal, never a number that has
// wrapped around.
TEST(SizingOfHugePayloads, DoesNotOverflow) {
    for (const Sizes& sizes : {Sizes{kHuge}, Sizes(8, kHuge), Sizes(5000, kHuge),
                               Sizes{~std::uint64_t{0}}, Sizes(5000, ~std::uint64_t{0})})
        for (const std::uint64_t slot :
             {std::uint64_t{0}, 4 * kKiB, kMiB, layout::kSlotCapacityMax}) {
            const auto kept = advise(Delivery::kKeep, {.known_bytes = sizes}, slot, 0);
            ASSERT_TRUE(kept);
            EXPECT_FALSE(plan(*kept)) << sizes.size() << " of " << sizes[0];
            EXPECT_FALSE(advise(Delivery::kKeep, {.known_bytes = sizes}, slot, 1'000'000));
            const auto streamed = advise(Delivery::kStream, {.known_bytes = sizes}, slot, 0);
            ASSERT_TRUE(streamed);
            EXPECT_TRUE(plan(*streamed));
        }
}

TEST(SizingOfHugePayloads, CountOfUnknownOnesDoesNotOverflow) {
    for (const std::uint64_t count : {kHuge, ~std::uint64_t{0} / 3, ~std::uint64_t{0} / 3 + 2}) {
        const auto request =
            advise(Delivery::kKeep, {.unknown_count = count, .space_bytes = kMiB}, 0, 0);
        EXPECT_FALSE(request && plan(*request)) << count;
    }
}

// Starts with the best ring: each ring is smaller than the one before, all can be planned, and the
// last one has two slots of a page.
TEST(SmallerRing, EndsWithTwoSlotsOfAPage) {
    for (const PlanRequest& first :
         {PlanRequest{.slot_count = 64, .slot_capacity_bytes = 256 * kKiB},
          PlanRequest{.slot_count = 1024, .slot_capacity_bytes = 4096},
          PlanRequest{.slot_count = 3, .slot_capacity_bytes = 12288},
          PlanRequest{.slot_count = 2, .slot_capacity_bytes = 256 * kKiB}}) {
        PlanRequest last = first;
        std::uint64_t bytes = plan(first).value().section_bytes;
        int steps = 0;
        while (const auto smaller = smaller_ring(last)) {
            const auto geometry = plan(*smaller);
            ASSERT_TRUE(geometry) << geometry.error().message;
            EXPECT_LE(geometry->section_bytes, bytes);
            EXPECT_TRUE(smaller->slot_count < last.slot_count ||
                        smaller->slot_capacity_bytes < last.slot_capacity_bytes);
            bytes = geometry->section_bytes;
            last = *smaller;
            ASSERT_LT(++steps, 64);
        }
        EXPECT_EQ(last.slot_count, 2u);
        EXPECT_EQ(last.slot_capacity_bytes, layout::kSlotCapacityMin);
        EXPECT_EQ(plan(last).value().section_bytes, layout::kViewAlignBytes + 2 * 4096);
    }
}

TEST(SmallerRing, OfKeepHasFewerSlotsButWhatTheWorkloadNeeds) {
    const std::vector<std::uint64_t> known{kMiB};
    const auto first = advise(
        Delivery::kKeep, {.known_bytes = known, .unknown_count = 2, .space_bytes = kHuge}, 0, 0);
    ASSERT_TRUE(first);
    PlanRequest last = *first;
    int steps = 0;
    while (const auto smaller = smaller_ring(last)) {
        EXPECT_LT(smaller->slot_count, last.slot_count);
        EXPECT_EQ(smaller->slot_capacity_bytes, first->slot_capacity_bytes);
        last = *smaller;
        ASSERT_LT(++steps, 64);
    }
    // Manifest, chunks and end of the known payload, and manifest, one chunk and end for each of
    // the others.
    EXPECT_EQ(last.slot_count, (1 + 4 + 1) + 2 * (1 + 1 + 1));
    EXPECT_TRUE(plan(last));
}

TEST(SmallerRing, OfKeepWithKnownSizesIsNone) {
    const std::vector<std::uint64_t> known{kMiB, 1};
    const auto request = advise(Delivery::kKeep, {.known_bytes = known}, 0, 0);
    ASSERT_TRUE(request);
    EXPECT_FALSE(smaller_ring(*request));
}

}  // namespace
}  // namespace mapferry
