// SPDX-License-Identifier: Apache-2.0
// Rare moments of the ring of frames, each produced on purpose.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "format/shared_access.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"
#include "support/hooked_peers.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::HookedPeers;

constexpr std::int64_t kWaitMs = 1000;

// A writer and two readers; each test attaches the readers that it needs.
struct Frames {
    explicit Frames(Delivery delivery, std::uint64_t slots = 2)
        : section({.delivery = delivery,
                   .slot_count = slots,
                   .slot_capacity_bytes = 4096,
                   .reader_limit = 2}) {}

    Result<std::uint64_t> put() {
        const auto slot = writer.acquire(10 * kWaitMs);
        if (!slot) return std::unexpected(slot.error());
        return writer.publish(*slot, 100, {});
    }
    void put_two() {
        ASSERT_TRUE(put());
        ASSERT_TRUE(put());
    }
    static LeasedFrame take(FrameRingReader& reader, std::uint64_t from) {
        auto claimed = reader.claim_next(from);
        EXPECT_TRUE(claimed && *claimed);
        reader.advance_cursor((*claimed)->facts.sequence);
        return **claimed;
    }

    HeapSection section;
    HookedPeers peers;
    std::atomic<int> stop = 0;
    FrameRingWriter writer{section.view(), peers, {.timeout_ms = kWaitMs, .stop = &stop}};
    FrameRingReader reader{section.view(), peers};
    FrameRingReader other{section.view(), peers};
};

template <typename Value>
Code frame_code(const Result<Value>& result) {
    return result ? Code::kNotReady : result.error().code;
}

// ---- the writer ---------------------------------------------------------------------------------

TEST(FrameCorner, EverySlotOnLoanIsBusy) {
    for (const Delivery delivery : {Delivery::kLatest, Delivery::kEach}) {
        Frames frames(delivery);
        ASSERT_TRUE(frames.writer.acquire(0));
        ASSERT_TRUE(frames.writer.acquire(0));
        EXPECT_EQ(frame_code(frames.writer.acquire(0)), Code::kBusy);
    }
    Frames published(Delivery::kEach);
    ASSERT_TRUE(published.put());
    ASSERT_TRUE(published.writer.acquire(0));
    const auto slot = published.writer.acquire(0);
    ASSERT_EQ(frame_code(slot), Code::kBusy);
    EXPECT_TRUE(slot.error().message.contains("on loan")) << slot.error().message;
    // Latest: the newest frame makes way.
    Frames latest(Delivery::kLatest);
    ASSERT_TRUE(latest.put());
    ASSERT_TRUE(latest.writer.acquire(0));
    ASSERT_TRUE(latest.writer.acquire(0));
    EXPECT_EQ(frame_code(latest.writer.acquire(0)), Code::kBusy);
}

TEST(FrameCorner, NewestFrameMakesWayWhereReadersLeaseAllOthers) {
    Frames frames(Delivery::kLatest);
    frames.reader.attach(0, 1);
    ASSERT_TRUE(frames.put());
    const LeasedFrame held = frames.take(frames.reader, 0);
    for (std::uint64_t i = 1; i < 5; ++i) {
        ASSERT_TRUE(frames.put());
        const LeasedFrame newest = frames.take(frames.reader, i);
        EXPECT_EQ(newest.facts.sequence, i + 1);
        frames.reader.release(newest);
    }
    EXPECT_EQ(held.facts.sequence, 1u);
    ASSERT_TRUE(frames.put());
    const LeasedFrame newest = frames.take(frames.reader, 5);
    EXPECT_EQ(frame_code(frames.writer.acquire(0)), Code::kBusy) << "every slot is leased";
    frames.reader.release(newest);
    EXPECT_TRUE(frames.put());
}

// Each: a full ring has many frames to take, and a wake for each of them would cost more than the
// frames.
TEST(FrameCorner, SleepingWriterIsRungForAQuarterOfItsSlots) {
    constexpr std::uint64_t kSlots = 16;
    HeapSection section({.delivery = Delivery::kEach,
                         .slot_count = kSlots,
                         .slot_capacity_bytes = 4096,
                         .reader_limit = 1});
    testing::FakePeers peers;
    FrameRingWriter writer{section.view(), peers, {.timeout_ms = kWaitMs, .stop = nullptr}};
    FrameRingReader reader{section.view(), peers};
    (void)reader.attach(0, 1);
    for (std::uint64_t i = 0; i < kSlots; ++i)
        (void)writer.publish(writer.acquire(0).value(), 100, {});
    std::vector<std::uint64_t> rung_at;
    for (std::uint64_t i = 0; i < kSlots; ++i) {
        shared::store(section.view().writer_bell().sleeping, 1u, std::memory_order_seq_cst);
        const std::uint64_t rings = peers.rings();
        const LeasedFrame frame = Frames::take(reader, i);
        reader.release(frame);
        if (peers.rings() != rings) rung_at.push_back(i + 1);
    }
    EXPECT_EQ(rung_at, (std::vector<std::uint64_t>{4, 8, 12, 16}));
}

// Each: each question whether a reader lives is a system call.
TEST(FrameCorner, FrameThatIsUnreadIsAskedForOnceAndNotRoundAndRound) {
    Frames frames(Delivery::kEach);
    (void)frames.reader.attach(0, 1);
    frames.put_two();
    int asked = 0;
    frames.peers.on_reader_lives = [&] {
        ++asked;
        return true;
    };
    EXPECT_EQ(frame_code(frames.writer.acquire(0)), Code::kTimedOut);
    EXPECT_LT(asked, 100);  // the number of rounds
}

// A reader releases its lease while the writer asks which readers live: the next round finds the
// slot free.
TEST(FrameCorner, LeaseThatIsGivenBackMeanwhileIsNoneInTheNextRound) {
    Frames frames(Delivery::kLatest);
    frames.reader.attach(0, 1);
    frames.put_two();
    const LeasedFrame held = frames.take(frames.reader, 0);
    bool released = false;
    frames.peers.on_reader_lives = [&] {
        if (!released) frames.reader.release(held);
        released = true;
        return true;
    };
    EXPECT_TRUE(frames.writer.acquire(0));
    EXPECT_TRUE(released);
}

TEST(FrameCorner, StopFlagEndsEveryWaitOfTheWriter) {
    Frames frames(Delivery::kEach);
    EXPECT_TRUE(frames.writer.drain());  // nothing to drain
    frames.peers.on_sleep = [&] { frames.stop = 1; };
    EXPECT_EQ(frame_code(frames.writer.wait_for_readers(1, kWaitMs)), Code::kInterrupted);
    frames.stop = 0;
    frames.reader.attach(0, 1);
    frames.put_two();
    EXPECT_EQ(frame_code(frames.put()), Code::kInterrupted);
    EXPECT_EQ(frame_code(frames.writer.acquire(0)), Code::kInterrupted);
    frames.stop = 0;
    EXPECT_EQ(frame_code(frames.writer.drain()), Code::kInterrupted);
}

TEST(FrameCorner, WriterSaysHowManyReadersCameAndTheDeadDontCount) {
    Frames frames(Delivery::kLatest);
    frames.reader.attach(0, 1);
    EXPECT_EQ(frames.writer.count_attached(), 1u);
    frames.peers.on_reader_lives = [] { return false; };
    const auto waited = frames.writer.wait_for_readers(1, kWaitMs);
    ASSERT_EQ(frame_code(waited), Code::kTimedOut);
    EXPECT_EQ(waited.error().message,
              "only 0 of 1 readers came within " + std::to_string(kWaitMs) + " ms");
    // A wait that continues with the next section reports its whole time.
    const auto went_on = frames.writer.wait_for_readers(1, kWaitMs, kWaitMs - 1);
    ASSERT_EQ(frame_code(went_on), Code::kTimedOut);
    EXPECT_EQ(went_on.error().message, waited.error().message);
}

TEST(FrameCorner, ReaderThatTakesItsFrameWhileTheWriterSpinsCostsNoSleep) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.put_two();
    int sleeps = 0;
    frames.peers.on_sleep = [&] { ++sleeps; };
    frames.peers.on_pause = [&] { frames.reader.advance_cursor(1); };
    EXPECT_TRUE(frames.put());
    EXPECT_EQ(sleeps, 0);
}

TEST(FrameCorner, TakenFrameUnderALeaseIsWaitedForAndThenBusy) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.put_two();
    const LeasedFrame held = frames.take(frames.reader, 0);
    frames.reader.advance_cursor(2);
    const auto put = frames.put();
    ASSERT_EQ(frame_code(put), Code::kBusy);
    EXPECT_TRUE(put.error().message.contains("lease every slot")) << put.error().message;
    frames.peers.on_sleep = [&] { frames.reader.release(held); };
    EXPECT_TRUE(frames.put());
}

// One reader holds a frame for long, which is allowed. The writer waits for the other reader, and
// continues with each frame that the other one takes.
TEST(FrameCorner, HeldFrameStandsInNobodysWay) {
    Frames frames(Delivery::kEach, 4);
    frames.reader.attach(0, 1);
    frames.other.attach(1, 1);
    frames.put_two();
    frames.put_two();
    const LeasedFrame held = frames.take(frames.reader, 0);
    frames.reader.advance_cursor(100);
    frames.other.advance_cursor(1);
    for (std::uint64_t taken = 2; taken < 6; ++taken) {
        frames.peers.on_sleep = [&] { frames.other.advance_cursor(taken); };
        const auto put = frames.put();
        ASSERT_TRUE(put) << put.error().message;
        EXPECT_EQ(*put, taken + 2);
    }
    EXPECT_EQ(frames.writer.readers_lost(), 0u);
    frames.reader.release(held);
}

TEST(FrameCorner, UnusedSlotsStayUnusedWhereEnoughFramesAreUnread) {
    Frames frames(Delivery::kEach, 20);
    frames.reader.attach(0, 1);
    std::uint64_t taken = 0;
    frames.peers.on_sleep = [&] { frames.reader.advance_cursor(++taken); };
    for (int i = 0; i < 50; ++i) {
        const auto slot = frames.writer.acquire(10 * kWaitMs, 4);
        ASSERT_TRUE(slot);
        EXPECT_LT(*slot, 4u);
        (void)frames.writer.publish(*slot, 100, {});
    }
    EXPECT_EQ(taken, 46u);
}

TEST(FrameCorner, HeldFramesAreNoUnreadOnes) {
    Frames frames(Delivery::kEach, 20);
    frames.reader.attach(0, 1);
    int sleeps = 0;
    frames.peers.on_sleep = [&] { ++sleeps; };
    std::vector<LeasedFrame> held;
    for (std::uint64_t i = 0; i < 6; ++i) {
        const auto slot = frames.writer.acquire(kWaitMs, 4);
        ASSERT_TRUE(slot);
        (void)frames.writer.publish(*slot, 100, {});
        if (i >= 3) held.push_back(frames.take(frames.reader, i - 3));
    }
    EXPECT_EQ(sleeps, 0);
    // When a frame is taken while the writer waits, the writer may use one more slot.
    ASSERT_TRUE(frames.writer.acquire(kWaitMs, 4));
    frames.peers.on_sleep = [&] { held.push_back(frames.take(frames.reader, 3)); };
    EXPECT_TRUE(frames.writer.acquire(kWaitMs, 3));
    EXPECT_EQ(held.size(), 4u);
}

TEST(FrameCorner, DeadReaderOfEachIsNotWaitedFor) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.put_two();
    frames.peers.on_reader_lives = [] { return false; };
    EXPECT_TRUE(frames.put());
    EXPECT_EQ(frames.writer.readers_lost(), 1u);
}

TEST(FrameCorner, GivenUpReadersAreCountedOnceAlsoWhenTheyDieWithALease) {
    Frames frames(Delivery::kEach, 3);
    frames.reader.attach(0, 1);
    frames.other.attach(1, 1);
    frames.put_two();
    ASSERT_TRUE(frames.put());
    const auto held = frames.reader.claim_next(0);  // and its cursor never advances
    ASSERT_TRUE(held && *held);
    frames.other.advance_cursor(2);
    ASSERT_TRUE(frames.put());  // gives up the first reader; takes another slot than the leased one
    EXPECT_EQ(frames.writer.readers_lost(), 1u);
    ASSERT_TRUE(frames.put());  // gives up the other reader too
    EXPECT_EQ(frames.writer.readers_lost(), 2u);
    frames.peers.on_reader_lives = [] { return false; };
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(frames.put());
    EXPECT_EQ(frames.writer.readers_lost(), 2u);
    EXPECT_TRUE(frames.writer.drain());
}

// The reader takes its frame between the writer's last look at it and the end of the stall timeout.
TEST(FrameCorner, ReaderThatTakesAFrameAtTheLastMomentIsNotGivenUp) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.put_two();
    const std::int64_t end_ms = frames.peers.now_ms() + kWaitMs;
    std::vector<LeasedFrame> held;
    frames.peers.on_memory_is_lost = [&] {
        const std::int64_t now_ms = frames.peers.now_ms();
        if (held.empty() && now_ms >= end_ms) {
            held.push_back(frames.take(frames.reader, 0));
        } else if (held.size() == 1 && now_ms > end_ms) {
            held.push_back(frames.take(frames.reader, 1));
            for (const LeasedFrame& frame : held)
                frames.reader.release(frame);
        }
        return false;
    };
    ASSERT_TRUE(frames.put());
    EXPECT_EQ(held.size(), 2u);
    EXPECT_EQ(frames.writer.readers_lost(), 0u);
}

TEST(FrameCorner, DrainGivesUpWhoShowsNoLife) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.put_two();
    EXPECT_TRUE(frames.writer.drain());
    EXPECT_EQ(frames.writer.readers_lost(), 1u);
}

// ---- a reader -----------------------------------------------------------------------------------

TEST(FrameCorner, NewsAreFramesFromTheWantedOneOn) {
    Frames frames(Delivery::kLatest);
    frames.reader.attach(0, 1);
    frames.reader.prefetch_next();
    EXPECT_FALSE(frames.reader.has_news(0));
    frames.put_two();
    frames.reader.prefetch_next();
    EXPECT_TRUE(frames.reader.has_news(1));
    EXPECT_FALSE(frames.reader.has_news(2));
}

// A reader that read the state before it asked for the writer's life would find the writer at work,
// then dead, and wait for another one.
TEST(FrameCorner, WriterThatEndsAndGoesWhileItIsLookedAtHasEndedAndNotDied) {
    struct End {
        std::uint32_t state;
        WriterCondition seen;
    };
    for (const End end : {End{layout::kStateEnded, WriterCondition::kEnded},
                          End{layout::kStateAborted, WriterCondition::kAborted}}) {
        Frames frames(Delivery::kEach);
        frames.reader.attach(0, 1);
        EXPECT_EQ(frames.reader.writer_condition(), WriterCondition::kAtWork);
        frames.peers.on_writer_lives = [&] {
            frames.writer.set_state(end.state, 0);
            return false;
        };
        EXPECT_EQ(frames.reader.writer_condition(), end.seen);
        EXPECT_TRUE(frames.reader.has_ended());
    }
}

TEST(FrameCorner, WriterThatGoesWithoutAWordIsDead) {
    Frames frames(Delivery::kEach);
    frames.reader.attach(0, 1);
    frames.peers.on_writer_lives = [] { return false; };
    EXPECT_EQ(frames.reader.writer_condition(), WriterCondition::kDead);
    EXPECT_FALSE(frames.reader.has_ended());
}

TEST(FrameCorner, FrameThatIsTakenAwayOverAndOverIsNone) {
    Frames frames(Delivery::kLatest);
    frames.reader.attach(0, 1);
    ASSERT_TRUE(frames.put());
    frames.section.set_word(frames.section.slot_offset(0) + offsetof(layout::Slot, sequence),
                            std::uint64_t{0});
    const auto claimed = frames.reader.claim_newest(0);
    ASSERT_TRUE(claimed) << claimed.error().message;
    EXPECT_FALSE(*claimed);
}

TEST(FrameCorner, ForgedDescriptorWithARightChecksumIsRefused) {
    struct Forgery {
        const char* field;
        std::uint64_t offset;
        std::uint32_t value;
    };
    for (const Forgery& forgery :
         {Forgery{"kind", offsetof(layout::Slot, kind), layout::kKindChunk},
          Forgery{"flags", offsetof(layout::Slot, flags), layout::kSlotHoles}}) {
        Frames frames(Delivery::kLatest);
        frames.reader.attach(0, 1);
        ASSERT_TRUE(frames.put());
        frames.section.set_word(frames.section.slot_offset(0) + forgery.offset, forgery.value);
        frames.section.reseal_slot(0);
        const auto claimed = frames.reader.claim_newest(0);
        ASSERT_EQ(frame_code(claimed), Code::kCorrupt) << forgery.field;
        EXPECT_TRUE(claimed.error().message.contains(forgery.field)) << claimed.error().message;
    }
}

}  // namespace
}  // namespace mapferry
