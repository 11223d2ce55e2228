// SPDX-License-Identifier: Apache-2.0
// A ring of frames with memory for fewer slots than its section has.
#include <gtest/gtest.h>

#include <atomic>

#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"

namespace mapferry {
namespace {

constexpr std::int64_t kScarcityTimeoutMs = 1000;

// A writer that got `usable` of eight slots, and a reader.
struct ScarceFrames {
    ScarceFrames(Delivery delivery, int usable)
        : section({.delivery = delivery,
                   .slot_count = 8,
                   .slot_capacity_bytes = 4096,
                   .reader_limit = 2}) {
        for (int i = 0; i < usable; ++i)
            put();
        // The other slots are not available.
        auto slot = writer.acquire(0);
        while (slot && slot.value() >= static_cast<std::uint32_t>(usable)) {
            writer.put_aside(*slot);
            slot = writer.acquire(0);
        }
        if (slot) writer.give_back(*slot);
    }
    std::uint64_t put() {
        return writer.publish(writer.acquire(kScarcityTimeoutMs).value(), 100, {});
    }
    LeasedFrame take() {
        const LeasedFrame frame = reader.claim_newest(taken).value().value();
        taken = frame.facts.sequence;
        reader.advance_cursor(taken);
        return frame;
    }

    testing::HeapSection section;
    testing::FakePeers peers;
    FrameRingWriter writer{
        section.view(), peers, {.timeout_ms = kScarcityTimeoutMs, .stop = nullptr}};
    FrameRingReader reader{section.view(), peers};
    std::uint64_t taken = 0;
};

template <typename Value>
Code scarcity_code(const Result<Value>& result) {
    return result ? Code::kNotReady : result.error().code;
}

TEST(FrameScarcity, OfTwoSlotsBothGoOnTakingTurns) {
    ScarceFrames frames(Delivery::kLatest, 2);
    (void)frames.reader.attach(0, 1);
    for (int i = 0; i < 20; ++i) {
        frames.put();
        const LeasedFrame frame = frames.take();
        EXPECT_LT(frame.slot, 2u);
        frames.reader.release(frame);
    }
}

TEST(FrameScarcity, OfTwoSlotsTheNewestIsTakenWhereAReaderHoldsTheOther) {
    ScarceFrames frames(Delivery::kLatest, 2);
    (void)frames.reader.attach(0, 1);
    frames.put();
    const LeasedFrame held = frames.take();
    for (int i = 0; i < 20; ++i)
        frames.put();
    EXPECT_EQ(frames.writer.published(), 23u);
    const LeasedFrame newest = frames.take();
    EXPECT_EQ(newest.facts.sequence, 23u);
    EXPECT_NE(newest.slot, held.slot);
}

TEST(FrameScarcity, OfOneSlotIsStillAStream) {
    ScarceFrames frames(Delivery::kLatest, 1);
    (void)frames.reader.attach(0, 1);
    for (int i = 0; i < 20; ++i) {
        const std::uint64_t sequence = frames.put();
        const LeasedFrame frame = frames.take();
        EXPECT_EQ(frame.facts.sequence, sequence + 1);
        frames.reader.release(frame);
    }
}

// Otherwise a reader would look for the frame again and again, and then report the section as
// damaged.
TEST(FrameScarcity, OfOneSlotThatIsBeingFilledIsNoNewsForAReader) {
    ScarceFrames frames(Delivery::kLatest, 1);
    frames.put();
    (void)frames.reader.attach(0, 1);
    EXPECT_TRUE(frames.reader.has_news(0));
    const std::uint32_t slot = frames.writer.acquire(kScarcityTimeoutMs).value();
    EXPECT_FALSE(frames.reader.has_news(0));
    EXPECT_EQ(frames.reader.claim_newest(0).value(), std::nullopt);
    frames.writer.publish(slot, 100, {});
    EXPECT_TRUE(frames.reader.has_news(0));
}

TEST(FrameScarcity, OfOneSlotIsShownToAReaderBeforeItIsFilledAnew) {
    ScarceFrames frames(Delivery::kLatest, 1);
    (void)frames.reader.attach(0, 1);
    frames.put();
    bool seen = false;
    frames.peers.while_asleep([&] {
        if (seen) return;
        seen = true;
        frames.reader.release(frames.take());
    });
    frames.put();
    EXPECT_TRUE(seen);
    // The writer does not wait for a reader that does not come.
    frames.peers.while_asleep_do_nothing();
    frames.put();
    frames.put();
}

TEST(FrameScarcity, OfOneSlotThatIsLeasedIsWaitedForAndThenBusy) {
    ScarceFrames frames(Delivery::kLatest, 1);
    (void)frames.reader.attach(0, 1);
    frames.put();
    const LeasedFrame held = frames.take();
    EXPECT_EQ(scarcity_code(frames.writer.acquire(0)), Code::kBusy);
    EXPECT_EQ(scarcity_code(frames.writer.acquire(50)), Code::kBusy);
    frames.peers.while_asleep([&] { frames.reader.release(held); });
    EXPECT_TRUE(frames.writer.acquire(50));
}

TEST(FrameScarcity, OfADeadReadersSlotIsNone) {
    ScarceFrames frames(Delivery::kLatest, 1);
    (void)frames.reader.attach(0, 1);
    frames.put();
    (void)frames.take();
    frames.peers.kill_reader(0);
    EXPECT_TRUE(frames.writer.acquire(0));
}

TEST(FrameScarcity, WhereEachFrameCountsNeverTakesTheNewest) {
    ScarceFrames frames(Delivery::kEach, 1);
    const auto slot = frames.writer.acquire(50);
    EXPECT_EQ(scarcity_code(slot), Code::kBusy);
}

TEST(FrameScarcity, EndsWhenTheSlotsAreTakenBack) {
    ScarceFrames frames(Delivery::kEach, 1);
    frames.writer.take_back();
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(frames.writer.acquire(0)) << i;
}

}  // namespace
}  // namespace mapferry
