// SPDX-License-Identifier: Apache-2.0
// Frames that no reader can lease any more: which they are, and that their slots alone are reused
// without the handshake.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "format/reader_line.h"
#include "format/shared_access.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "frames/writer/settled_frames.h"
#include "support/heap_section.h"
#include "support/hooked_peers.h"

namespace mapferry {
namespace {

TEST(SettledFrames, BeforeTheFirstLookAreNone) {
    const SettledFrames settled;
    EXPECT_FALSE(settled.contains(1));
}

TEST(SettledFrames, OfALookReachToTheSlowestCursor) {
    SettledFrames settled;
    settled.begin(9);
    settled.add_cursor(12);
    EXPECT_TRUE(settled.contains(9));
    EXPECT_FALSE(settled.contains(10));
    settled.add_cursor(5);
    settled.add_cursor(7);
    EXPECT_TRUE(settled.contains(5));
    EXPECT_FALSE(settled.contains(6));
}

TEST(SettledFrames, OfAReaderWithoutACursorAreNone) {
    SettledFrames settled;
    settled.begin(9);
    settled.add_cursor(layout::kCursorUnset);
    EXPECT_FALSE(settled.contains(1));
}

TEST(SettledFrames, LeaveOutThoseThatAreLeased) {
    SettledFrames settled;
    settled.begin(9);
    settled.add_lease(0);
    settled.add_lease(4);
    settled.add_lease(20);
    EXPECT_TRUE(settled.contains(3));
    EXPECT_FALSE(settled.contains(4));
    EXPECT_TRUE(settled.contains(5));
    settled.begin(9);
    EXPECT_TRUE(settled.contains(4));
}

TEST(SettledFrames, HaveRoomForAllLeasesOfASection) {
    SettledFrames settled;
    const std::uint64_t leases = std::uint64_t{layout::kReaderLimit} * layout::kLeasesPerReader;
    settled.begin(leases + 1);
    for (std::uint64_t mark = 1; mark <= leases; ++mark)
        settled.add_lease(mark);
    EXPECT_FALSE(settled.contains(1));
    EXPECT_FALSE(settled.contains(leases));
    EXPECT_TRUE(settled.contains(leases + 1));
}

constexpr std::uint64_t kFarAhead = 1'000'000;

// A ring of small frames; one thread plays the writer and two readers.
class SmallFrames : public ::testing::TestWithParam<Delivery> {
  protected:
    std::uint32_t put() {
        const auto slot = writer_.acquire(10'000);
        if (!slot) {
            ADD_FAILURE() << slot.error().message;
            return 0;
        }
        (void)writer_.publish(*slot, 64, {});
        return *slot;
    }
    std::optional<LeasedFrame> claim(FrameRingReader& reader, std::uint64_t from) {
        const auto claimed = reader.claim_next(from);
        EXPECT_TRUE(claimed) << claimed.error().message;
        return claimed ? *claimed : std::nullopt;
    }
    // Takes all frames from `from` on, and gives them back. Returns where it ended.
    std::uint64_t take_all(FrameRingReader& reader, std::uint64_t from) {
        while (const auto frame = claim(reader, from)) {
            from = frame->facts.sequence;
            reader.advance_cursor(from);
            reader.release(*frame);
        }
        return from;
    }
    // Fills the ring while the reader is behind, lets the reader take everything, and publishes one
    // more frame, for which the writer looks at the readers. Returns where the reader ended.
    std::uint64_t settle_many(std::uint64_t next) {
        for (int i = 0; i < 12; ++i)
            put();
        next = take_all(reader_, next);
        put();
        return take_all(reader_, next);
    }
    // No frame takes this slot, while the reader is up to date.
    void expect_kept(std::uint32_t slot, std::uint64_t next) {
        for (int i = 0; i < 40; ++i) {
            ASSERT_NE(put(), slot) << "frame " << i;
            next = take_all(reader_, next);
        }
    }
    // Slot and mark of the oldest frame in the ring.
    std::pair<std::uint32_t, std::uint64_t> oldest_frame() {
        std::pair<std::uint32_t, std::uint64_t> oldest{0, ~std::uint64_t{0}};
        for (std::uint32_t i = 0; i < section_.geometry().slot_count; ++i) {
            const std::uint64_t mark = section_.view().frame_slot(i).sequence;
            if (mark != 0 && mark < oldest.second) oldest = {i, mark};
        }
        return oldest;
    }
    std::uint64_t& attachment(std::uint32_t line) {
        return section_.view().reader_line(line).attachment;
    }

    testing::HeapSection section_{PlanRequest{
        .delivery = GetParam(), .slot_count = 16, .slot_capacity_bytes = 64, .reader_limit = 3}};
    testing::HookedPeers peers_;
    FrameRingWriter writer_{section_.view(), peers_, {.timeout_ms = 1000}};
    FrameRingReader reader_{section_.view(), peers_};
    FrameRingReader late_{section_.view(), peers_};
};

INSTANTIATE_TEST_SUITE_P(Both, SmallFrames, ::testing::Values(Delivery::kLatest, Delivery::kEach));

TEST_P(SmallFrames, AReaderThatIsUpToDateGetsEachFrame) {
    std::uint64_t next = reader_.attach(0, 1);
    for (std::uint64_t i = 0; i < 100; ++i) {
        put();
        const std::uint64_t then = next;
        next = take_all(reader_, next);
        EXPECT_EQ(next, then + 1);
    }
}

TEST_P(SmallFrames, AHeldFrameKeepsItsSlotWhileTheReaderGoesOn) {
    std::uint64_t next = reader_.attach(0, 1);
    put();
    const auto held = claim(reader_, next);
    ASSERT_TRUE(held);
    next = held->facts.sequence;
    reader_.advance_cursor(next);
    for (int i = 0; i < 40; ++i) {
        ASSERT_NE(put(), held->slot) << "frame " << i;
        next = take_all(reader_, next);
    }
    reader_.release(*held);
    std::set<std::uint32_t> used;
    for (int i = 0; i < 40; ++i) {
        used.insert(put());
        next = take_all(reader_, next);
    }
    EXPECT_TRUE(used.contains(held->slot)) << "given back, it is used again";
}

TEST_P(SmallFrames, AReaderThatAttachesAfterALookKeepsWhatItHolds) {
    std::uint64_t next = settle_many(reader_.attach(0, 1));
    // It begins with the newest frame.
    const std::uint64_t first = late_.attach(1, 2);
    EXPECT_EQ(first, writer_.published() - 1);
    const auto held = claim(late_, first);
    ASSERT_TRUE(held);
    late_.advance_cursor(kFarAhead);
    expect_kept(held->slot, next);
}

TEST_P(SmallFrames, AReaderThatAttachesBetweenALookAndTheNextFrameKeepsWhatItHolds) {
    std::uint64_t next = settle_many(reader_.attach(0, 1));
    // The writer looks once in a while: at one of these moments just before the reader comes.
    for (int moment = 0; moment < 40; ++moment) {
        const auto slot = writer_.acquire(0);
        ASSERT_TRUE(slot);
        const std::uint64_t first = late_.attach(1, 2);
        (void)writer_.publish(*slot, 64, {});
        next = take_all(reader_, next);
        const auto held = claim(late_, first);
        ASSERT_TRUE(held);
        late_.advance_cursor(kFarAhead);
        expect_kept(held->slot, next);
        next = writer_.published();
        late_.release(*held);
        late_.detach(layout::kPhaseDone, 0);
        put();
        next = take_all(reader_, next);
    }
}

TEST_P(SmallFrames, NoneAreSettledWhileAReaderArrives) {
    // A reader that has read `newest` and stored nothing since. It claims an old frame later.
    shared::store(attachment(2), line_word(7, layout::kPhaseArriving), std::memory_order_seq_cst);
    std::uint64_t next = settle_many(reader_.attach(0, 1));
    const auto oldest = oldest_frame();
    ASSERT_NE(oldest.second, writer_.published());
    shared::store(layout::lease_of(section_.view().reader_line(2), 0), oldest.second,
                  std::memory_order_seq_cst);
    expect_kept(oldest.first, next);
}

TEST_P(SmallFrames, AReaderThatTakesTheNewestOnlyKeepsWhatItHolds) {
    std::uint64_t next = reader_.attach(0, 1);
    late_.attach(1, 2);
    late_.want_newest();
    next = settle_many(next);
    const auto held = late_.claim_newest(0);
    ASSERT_TRUE(held && *held);
    late_.advance_cursor((*held)->facts.sequence);
    expect_kept((*held)->slot, next);
}

TEST_P(SmallFrames, AReaderWhoseLineWasOverwrittenIsToldSo) {
    const std::uint64_t next = reader_.attach(0, 1);
    put();
    const auto before = claim(reader_, next);
    ASSERT_TRUE(before);
    reader_.release(*before);
    for (const std::uint64_t nonsense :
         {std::uint64_t{0}, ~std::uint64_t{0}, line_word(1, layout::kPhaseArriving)}) {
        const std::uint64_t right = attachment(0);
        shared::store(attachment(0), nonsense, std::memory_order_seq_cst);
        const auto claimed = reader_.claim_next(next);
        ASSERT_FALSE(claimed);
        EXPECT_EQ(claimed.error().code, Code::kCorrupt);
        shared::store(attachment(0), right, std::memory_order_seq_cst);
    }
    const auto again = claim(reader_, next);
    ASSERT_TRUE(again) << "no lease was lost";
    reader_.release(*again);
}

class LosslessSmallFrames : public SmallFrames {};
INSTANTIATE_TEST_SUITE_P(Only, LosslessSmallFrames, ::testing::Values(Delivery::kEach));

TEST_P(LosslessSmallFrames, AGivenUpReaderThatLivesKeepsWhatItHolds) {
    std::uint64_t next = reader_.attach(0, 1);
    const std::uint64_t first = late_.attach(1, 2);
    put();
    next = take_all(reader_, next);
    const auto held = claim(late_, first);
    ASSERT_TRUE(held);
    // It takes no frame until the stall timeout is over.
    peers_.on_sleep = [&] { next = take_all(reader_, next); };
    while (writer_.readers_lost() == 0) {
        put();
        next = take_all(reader_, next);
    }
    EXPECT_TRUE(late_.was_given_up());
    expect_kept(held->slot, next);
    // It claims another frame before it knows that it was given up.
    next = settle_many(next);
    const auto other = claim(late_, held->facts.sequence);
    ASSERT_TRUE(other);
    expect_kept(other->slot, next);
}

TEST_P(LosslessSmallFrames, AReaderThatIsBehindFindsTheOrderOfTheSlotsAgain) {
    // Held frames mix up the order of the slots; each frame must still come, and in turn.
    std::uint64_t next = reader_.attach(0, 1);
    std::array<std::optional<LeasedFrame>, 3> held;
    for (std::uint64_t round = 0; round < 60; ++round) {
        for (std::uint64_t i = 0; i < 1 + round % 7; ++i)
            put();
        for (std::uint64_t i = 0; i < 1 + round % 7; ++i) {
            const auto frame = claim(reader_, next);
            ASSERT_TRUE(frame);
            ASSERT_EQ(frame->facts.sequence, next + 1);
            next = frame->facts.sequence;
            reader_.advance_cursor(next);
            auto& place = held[static_cast<std::size_t>(next % held.size())];
            if (place) reader_.release(*place);
            place = frame;
        }
    }
}

}  // namespace
}  // namespace mapferry
