// SPDX-License-Identifier: Apache-2.0
// Which slots a ring of frames uses, and in which order.
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "frames/writer/slot_order.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"

namespace mapferry {
namespace {

using Slots = std::vector<std::uint32_t>;

// From the oldest to the newest; both directions agree.
Slots readable(const SlotOrder& order) {
    Slots found;
    for (auto slot = order.oldest(); slot; slot = order.younger(*slot))
        found.push_back(*slot);
    Slots back;
    for (auto slot = order.newest(); slot; slot = order.older(*slot))
        back.insert(back.begin(), *slot);
    EXPECT_EQ(found, back);
    return found;
}

TEST(SlotOrder, KeepsReadableSlotsInTheOrderInWhichTheyCame) {
    SlotOrder order(8);
    EXPECT_EQ(readable(order), Slots{});
    for (const std::uint32_t slot : {3U, 1U, 7U, 0U})
        order.add_newest(slot);
    EXPECT_EQ(readable(order), (Slots{3, 1, 7, 0}));
    order.remove(1);
    EXPECT_EQ(readable(order), (Slots{3, 7, 0}));
    order.remove(3);
    order.remove(0);
    EXPECT_EQ(readable(order), (Slots{7}));
    order.add_newest(1);
    EXPECT_EQ(readable(order), (Slots{7, 1}));
    order.remove(7);
    order.remove(1);
    EXPECT_EQ(readable(order), Slots{});
}

TEST(SlotOrder, GivesTheFreeSlotThatCameLast) {
    SlotOrder order(4);
    EXPECT_FALSE(order.take_free());
    order.add_free(2);
    order.add_free(0);
    EXPECT_EQ(order.take_free(), 0U);
    order.add_free(3);
    EXPECT_EQ(order.take_free(), 3U);
    EXPECT_EQ(order.take_free(), 2U);
    EXPECT_FALSE(order.take_free());
}

// Small frames go round through all slots (settled_frames_test.cc).
constexpr std::uint64_t kLargeFrameBytes = std::uint64_t{20} << 10;

// A ring of large frames; one thread plays both sides.
class UsedSlots : public ::testing::TestWithParam<Delivery> {
  protected:
    FrameRingReader& attach_reader() {
        const auto line = static_cast<std::uint32_t>(readers_.size());
        readers_.emplace_back(section_.view(), peers_).attach(line, 1000 + line);
        return readers_.back();
    }
    std::uint32_t put() {
        const auto slot = writer_.acquire(0);
        if (!slot) {
            ADD_FAILURE() << slot.error().message;
            return 0;
        }
        (void)writer_.publish(*slot, kLargeFrameBytes, {});
        return *slot;
    }
    // The sequence of the next frame, which is given back at once; none: there is no frame.
    static std::optional<std::uint64_t> take(FrameRingReader& reader, std::uint64_t from) {
        const auto claimed = reader.claim_next(from);
        if (!claimed || !*claimed) return std::nullopt;
        reader.advance_cursor((**claimed).facts.sequence);
        reader.release(**claimed);
        return (**claimed).facts.sequence - 1;
    }

    testing::HeapSection section_{PlanRequest{.delivery = GetParam(),
                                              .slot_count = 32,
                                              .slot_capacity_bytes = kLargeFrameBytes,
                                              .reader_limit = 4}};
    testing::FakePeers peers_;
    FrameRingWriter writer_{section_.view(), peers_, {.timeout_ms = 1000}};
    std::deque<FrameRingReader> readers_;
};

INSTANTIATE_TEST_SUITE_P(Both, UsedSlots, ::testing::Values(Delivery::kLatest, Delivery::kEach));

TEST_P(UsedSlots, WithoutReadersAreTwo) {
    std::set<std::uint32_t> used;
    for (int i = 0; i < 200; ++i)
        used.insert(put());
    EXPECT_EQ(used, (std::set<std::uint32_t>{0, 1}));
}

TEST_P(UsedSlots, OfAReaderThatIsUpToDateAreTwoAlsoAfterItWasBehind) {
    FrameRingReader& reader = attach_reader();
    for (int i = 0; i < 4; ++i)
        put();
    std::uint64_t next = 0;
    while (const auto sequence = take(reader, next))
        next = *sequence + 1;
    EXPECT_EQ(next, 4U);
    std::set<std::uint32_t> used;
    for (; next < 100; ++next) {
        used.insert(put());
        EXPECT_EQ(take(reader, next), next);
    }
    EXPECT_EQ(used.size(), 2U);
}

TEST_P(UsedSlots, OfAReaderThatHoldsEachFrameUntilItHasTheNextAreTwo) {
    FrameRingReader& reader = attach_reader();
    std::set<std::uint32_t> used;
    std::optional<LeasedFrame> held;
    for (std::uint64_t i = 0; i < 100; ++i) {
        used.insert(put());
        const auto claimed = reader.claim_next(i);
        ASSERT_TRUE(claimed && *claimed);
        reader.advance_cursor(i + 1);
        if (held) reader.release(*held);
        held = **claimed;
    }
    EXPECT_EQ(used.size(), 2U);
}

TEST_P(UsedSlots, OfADeadReaderAreTwo) {
    (void)attach_reader();
    peers_.kill_reader(0);
    std::set<std::uint32_t> used;
    for (int i = 0; i < 100; ++i)
        used.insert(put());
    EXPECT_EQ(used.size(), 2U);
}

class UsedSlotsOfTheLatest : public UsedSlots {};
INSTANTIATE_TEST_SUITE_P(Only, UsedSlotsOfTheLatest, ::testing::Values(Delivery::kLatest));

TEST_P(UsedSlotsOfTheLatest, OfAReaderThatIsBehindKeepFourFrames) {
    FrameRingReader& reader = attach_reader();
    std::set<std::uint32_t> used;
    for (int i = 0; i < 100; ++i)
        used.insert(put());
    EXPECT_EQ(used.size(), 4U);
    Slots taken;
    std::uint64_t next = 0;
    while (const auto sequence = take(reader, next)) {
        taken.push_back(static_cast<std::uint32_t>(*sequence));
        next = *sequence + 1;
    }
    EXPECT_EQ(taken, (Slots{96, 97, 98, 99}));
}

}  // namespace
}  // namespace mapferry
