// SPDX-License-Identifier: Apache-2.0
// The ring of frames on a heap buffer: leases, reuse, missed frames, waiting, death, damage.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <vector>

#include "format/shared_access.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/detail/hash.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"
#include "support/test_bytes.h"

namespace mapferry {
namespace {

using testing::Bytes;
using testing::FakePeers;
using testing::HeapSection;

constexpr std::uint64_t kFrameBytes = 4096;
constexpr std::int64_t kTimeoutMs = 1000;

PlanRequest frames(Delivery delivery, std::uint64_t slots, std::uint32_t readers = 4) {
    return {.delivery = delivery,
            .slot_count = slots,
            .slot_capacity_bytes = kFrameBytes,
            .reader_limit = readers};
}

Bytes bytes_of_frame(std::uint64_t sequence) {
    return testing::random_bytes(kFrameBytes, sequence + 1);
}

// One thread plays the writer and all readers.
class Rig {
  public:
    explicit Rig(const PlanRequest& request,
                 std::optional<std::int64_t> stall_timeout_ms = kTimeoutMs)
        : section(request), writer(section.view(), peers, {.timeout_ms = stall_timeout_ms}) {}

    FrameRingReader& attach_reader() {
        const auto line = static_cast<std::uint32_t>(readers.size());
        readers.emplace_back(section.view(), peers).attach(line, 1000 + line);
        return readers.back();
    }

    // Publishes the bytes_of_frame() of the next sequence.
    Result<std::uint32_t> put(std::int64_t timeout_ms = kTimeoutMs) {
        auto slot = writer.acquire(timeout_ms);
        if (!slot) return slot;
        const Bytes bytes = bytes_of_frame(writer.published());
        std::ranges::copy(bytes, section.view().payload_at(*slot).begin());
        (void)writer.publish(*slot, bytes.size(), {.xxh3 = xxh3_64(bytes)});
        return slot;
    }

    // Checks the frame's bytes and returns its sequence; -1 when there is no frame.
    static std::int64_t look(FrameRingReader& reader,
                             const Result<std::optional<LeasedFrame>>& claimed) {
        if (!claimed || !*claimed) return -1;
        const LeasedFrame& frame = **claimed;
        const auto sequence = static_cast<std::int64_t>(frame.facts.sequence) - 1;
        EXPECT_TRUE(std::ranges::equal(reader.bytes(frame),
                                       bytes_of_frame(static_cast<std::uint64_t>(sequence))));
        return sequence;
    }

    // Claims a frame, checks it and releases it.
    static std::int64_t take(FrameRingReader& reader, std::uint64_t from) {
        const auto claimed = reader.claim_next(from);
        const std::int64_t sequence = look(reader, claimed);
        if (sequence >= 0) {
            reader.advance_cursor(static_cast<std::uint64_t>(sequence) + 1);
            reader.release(**claimed);
        }
        return sequence;
    }

    HeapSection section;
    FakePeers peers;
    FrameRingWriter writer;
    std::deque<FrameRingReader> readers;
};

TEST(FrameRing, NewestIsThereAtOnceForALatecomer) {
    Rig rig(frames(Delivery::kLatest, 8));
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(rig.put());
    FrameRingReader& late = rig.attach_reader();
    const auto claimed = late.claim_newest(0);
    EXPECT_EQ(Rig::look(late, claimed), 4);
}

TEST(FrameRing, BeforeTheFirstFrameThereIsNone) {
    Rig rig(frames(Delivery::kLatest, 8));
    FrameRingReader& reader = rig.attach_reader();
    EXPECT_EQ(Rig::look(reader, reader.claim_newest(0)), -1);
    EXPECT_EQ(Rig::look(reader, reader.claim_next(0)), -1);
    EXPECT_FALSE(reader.has_news(0));
}

TEST(FrameRing, LeasedBytesStayWhileTheWriterGoesOn) {
    Rig rig(frames(Delivery::kLatest, 8));
    FrameRingReader& reader = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    const auto held = reader.claim_newest(0);
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(rig.put());
        ASSERT_EQ(Rig::look(reader, held), 0) << i;
    }
    reader.release(**held);
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(rig.put());
    EXPECT_FALSE(std::ranges::equal(reader.bytes(**held), bytes_of_frame(0)))
        << "given back, the slot is used again";
}

TEST(FrameRing, FourHistoryFramesAreThereForAReaderThatWantsEach) {
    Rig rig(frames(Delivery::kLatest, 8));
    FrameRingReader& reader = rig.attach_reader();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(rig.put());
    for (std::int64_t i = 0; i < 3; ++i)
        EXPECT_EQ(Rig::take(reader, static_cast<std::uint64_t>(i)), i);
    EXPECT_EQ(Rig::take(reader, 3), -1);
}

TEST(FrameRing, SlowReaderGetsTheOldestThatIsLeft) {
    Rig rig(frames(Delivery::kLatest, 8));
    FrameRingReader& reader = rig.attach_reader();
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(rig.put());
    const std::int64_t oldest = Rig::take(reader, 0);
    EXPECT_GT(oldest, 90);
    EXPECT_LE(oldest, 99);
    EXPECT_EQ(Rig::take(reader, static_cast<std::uint64_t>(oldest) + 1), oldest + 1);
}

TEST(FrameRing, LeasesMakeTheWriterUseMoreSlots) {
    Rig rig(frames(Delivery::kLatest, 32));
    FrameRingReader& reader = rig.attach_reader();
    std::vector<LeasedFrame> held;
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i) {
        ASSERT_TRUE(rig.put());
        held.push_back(**reader.claim_newest(0));
    }
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(rig.put());
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i)
        EXPECT_TRUE(std::ranges::equal(reader.bytes(held[i]), bytes_of_frame(i)));
}

TEST(FrameRing, AllSlotsLeasedIsBusyAndEndsWithALease) {
    Rig rig(frames(Delivery::kLatest, 2));
    FrameRingReader& reader = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    const auto first = reader.claim_newest(0);
    ASSERT_TRUE(rig.put());
    const auto second = reader.claim_newest(1);
    const auto slot = rig.put();
    ASSERT_FALSE(slot);
    EXPECT_EQ(slot.error().code, Code::kBusy);
    reader.release(**first);
    EXPECT_TRUE(rig.put());
    EXPECT_EQ(Rig::look(reader, second), 1);
}

TEST(FrameRing, FifthFrameOfOneReaderIsRefused) {
    Rig rig(frames(Delivery::kLatest, 16));
    FrameRingReader& reader = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    std::vector<LeasedFrame> held;
    held.reserve(layout::kLeasesPerReader);
    for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i)
        held.push_back(**reader.claim_newest(0));
    const auto fifth = reader.claim_newest(0);
    ASSERT_FALSE(fifth);
    EXPECT_EQ(fifth.error().code, Code::kUsage);
    reader.release(held.back());
    EXPECT_EQ(Rig::look(reader, reader.claim_newest(0)), 0);
}

TEST(FrameRing, DeadReadersLeaseIsGivenBack) {
    Rig rig(frames(Delivery::kLatest, 3));
    FrameRingReader& dying = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    const auto held = dying.claim_newest(0);
    ASSERT_TRUE(held && *held);
    rig.peers.kill_reader(0);
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(rig.put()) << i;
    EXPECT_EQ(rig.writer.readers_lost(), 1u);
}

TEST(FrameRing, NextReaderOnADeadOnesLineIsHeard) {
    Rig rig(frames(Delivery::kLatest, 3));
    FrameRingReader& dying = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    (void)dying.claim_newest(0);
    rig.peers.kill_reader(0);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(rig.put());
    rig.peers.revive_reader(0);
    FrameRingReader next(rig.section.view(), rig.peers);
    next.attach(0, 77);
    const auto held = next.claim_newest(0);
    const std::int64_t sequence = Rig::look(next, held);
    ASSERT_GE(sequence, 0);
    for (int i = 0; i < 20; ++i)
        (void)rig.put();
    EXPECT_EQ(Rig::look(next, held), sequence);
}

TEST(FrameRing, EachWaitsForTheSlowestReader) {
    Rig rig(frames(Delivery::kEach, 4));
    FrameRingReader& reader = rig.attach_reader();
    std::uint64_t wanted = 0;
    rig.peers.while_asleep([&] {
        if (Rig::take(reader, wanted) == static_cast<std::int64_t>(wanted)) ++wanted;
    });
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(rig.put());
    while (Rig::take(reader, wanted) == static_cast<std::int64_t>(wanted))
        ++wanted;
    EXPECT_EQ(wanted, 100u) << "not one was missed";
    EXPECT_GT(rig.peers.sleeps(), 0u);
}

TEST(FrameRing, EachWithoutReadersDoesNotWait) {
    Rig rig(frames(Delivery::kEach, 4));
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(rig.put());
    EXPECT_EQ(rig.peers.sleeps(), 0u);
}

TEST(FrameRing, EachTimesOutWhenItsCallerIsLessPatientThanTheReadersDeadline) {
    Rig rig(frames(Delivery::kEach, 3));
    (void)rig.attach_reader();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(rig.put());
    const auto slot = rig.writer.acquire(kTimeoutMs / 2);
    ASSERT_FALSE(slot);
    EXPECT_EQ(slot.error().code, Code::kTimedOut);
    EXPECT_FALSE(rig.readers[0].was_given_up());
}

TEST(FrameRing, EachGivesUpAReaderThatTakesNothingForTheStallTimeoutAndTellsIt) {
    Rig rig(frames(Delivery::kEach, 3));
    FrameRingReader& stalled = rig.attach_reader();
    ASSERT_TRUE(rig.put());
    const auto held = stalled.claim_next(0);
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(rig.put());
    const auto slot = rig.writer.acquire(10 * kTimeoutMs);
    ASSERT_TRUE(slot) << slot.error().message;
    EXPECT_TRUE(stalled.was_given_up());
    EXPECT_EQ(rig.writer.readers_lost(), 1u);
    EXPECT_EQ(Rig::look(stalled, held), 0) << "what it leases stays its own";
}

TEST(FrameRing, EachWaitsForALivingReaderWithoutAStallTimeout) {
    Rig rig(frames(Delivery::kEach, 3), std::nullopt);
    FrameRingReader& working = rig.attach_reader();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(rig.put());
    int sleeps = 0;
    rig.peers.while_asleep([&] {
        rig.peers.advance_ms(kTimeoutMs);
        if (++sleeps == 100) (void)Rig::take(working, 0);
    });
    ASSERT_TRUE(rig.put(1000 * kTimeoutMs));
    EXPECT_FALSE(working.was_given_up());
    EXPECT_EQ(sleeps, 100);
}

TEST(FrameRing, DrainWaitsUntilTheLastFrameIsTaken) {
    Rig rig(frames(Delivery::kEach, 8));
    FrameRingReader& reader = rig.attach_reader();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(rig.put());
    std::uint64_t wanted = 0;
    rig.peers.while_asleep([&] { wanted += Rig::take(reader, wanted) >= 0 ? 1 : 0; });
    ASSERT_TRUE(rig.writer.drain());
    EXPECT_EQ(wanted, 3u);
}

TEST(FrameRing, DroppedLoanIsUsedAgain) {
    Rig rig(frames(Delivery::kLatest, 2));
    for (int i = 0; i < 10; ++i) {
        const auto slot = rig.writer.acquire(0);
        ASSERT_TRUE(slot);
        rig.writer.give_back(*slot);
    }
    EXPECT_TRUE(rig.put());
}

TEST(FrameRing, DamagedDescriptorIsNamedAndItsLeaseGivenBack) {
    Rig rig(frames(Delivery::kLatest, 4));
    FrameRingReader& reader = rig.attach_reader();
    const auto slot = rig.put();
    ASSERT_TRUE(slot);
    for (std::uint64_t bit = 64; bit < sizeof(layout::Slot) * 8; bit += 7) {
        HeapSection damaged(rig.section);
        damaged.flip_bit(damaged.slot_offset(*slot) * 8 + bit);
        FrameRingReader other(damaged.view(), rig.peers);
        other.attach(1, 1);
        for (int i = 0; i < 10; ++i) {
            const auto claimed = other.claim_newest(0);
            ASSERT_FALSE(claimed) << bit;
            EXPECT_EQ(claimed.error().code, Code::kCorrupt);
        }
    }
    EXPECT_EQ(Rig::look(reader, reader.claim_newest(0)), 0);
}

TEST(FrameRing, ForgedSizeBeyondTheSlotIsRefused) {
    Rig rig(frames(Delivery::kLatest, 4));
    const auto slot = rig.put();
    ASSERT_TRUE(slot);
    rig.section.set_word(rig.section.slot_offset(*slot) + offsetof(layout::Slot, bytes),
                         kFrameBytes + 1);
    rig.section.reseal_slot(*slot);
    FrameRingReader& reader = rig.attach_reader();
    const auto claimed = reader.claim_newest(0);
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().code, Code::kCorrupt);
}

TEST(FrameRing, ForgedNewestOutsideOfTheSectionIsNoFrame) {
    Rig rig(frames(Delivery::kLatest, 4));
    ASSERT_TRUE(rig.put());
    FrameRingReader& reader = rig.attach_reader();
    rig.section.set_word(layout::kFrameLineOffset, std::uint64_t{9} << 16 | 4);
    EXPECT_EQ(Rig::look(reader, reader.claim_newest(0)), -1);
    EXPECT_EQ(Rig::look(reader, reader.claim_next(0)), -1);
}

TEST(FrameRing, ThreadsSeeOnlyWholeFramesAndGiveEveryLeaseBack) {
    HeapSection section(frames(Delivery::kLatest, 16));
    testing::ThreadPeers peers;
    FrameRingWriter writer(section.view(), peers, {.timeout_ms = kTimeoutMs});
    std::atomic<bool> done = false;
    std::atomic<std::uint64_t> looked = 0;
    constexpr std::uint32_t kReaders = 3;
    std::vector<std::thread> threads;
    threads.reserve(kReaders);
    for (std::uint32_t line = 0; line < kReaders; ++line) {
        threads.emplace_back([&, line] {
            FrameRingReader reader(section.view(), peers);
            reader.attach(line, line);
            std::uint64_t wanted = 0;
            while (!done.load()) {
                const auto claimed =
                    line == 0 ? reader.claim_newest(wanted) : reader.claim_next(wanted);
                ASSERT_TRUE(claimed) << claimed.error().message;
                if (!*claimed) {
                    std::this_thread::yield();
                    continue;
                }
                ASSERT_EQ(xxh3_64(reader.bytes(**claimed)), (*claimed)->facts.xxh3);
                ASSERT_GE((*claimed)->facts.sequence, wanted + 1);
                wanted = (*claimed)->facts.sequence;
                reader.release(**claimed);
                looked.fetch_add(1);
            }
            reader.detach(layout::kPhaseDone, 0);
        });
    }
    while (writer.published() < 20'000 || looked.load() < 3000) {
        const auto slot = writer.acquire(0);
        ASSERT_TRUE(slot) << slot.error().message;
        const auto bytes = section.view().payload_at(*slot);
        const std::byte filling{static_cast<unsigned char>(writer.published())};
        std::ranges::fill(bytes, filling);
        (void)writer.publish(*slot, bytes.size(), {.xxh3 = xxh3_64(bytes)});
    }
    done = true;
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(writer.readers_lost(), 0u);
}

}  // namespace
}  // namespace mapferry
