// SPDX-License-Identifier: Apache-2.0
// Reader lines with nonsense in them, from an accident or from the reader that wrote them: they do
// no harm to the line's next reader.
#include <gtest/gtest.h>

#include <optional>

#include "format/reader_line.h"
#include "format/shared_access.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "ring/ring_reader.h"
#include "ring/ring_writer.h"
#include "support/heap_section.h"
#include "support/hooked_peers.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::HookedPeers;

constexpr WaitLimits kLimits{.timeout_ms = 1000, .stop = nullptr};
constexpr std::int64_t kPatienceMs = 10'000;

constexpr std::uint64_t kNonsense[] = {0,
                                       1,
                                       ~std::uint64_t{0},
                                       ~std::uint64_t{0} << 8,
                                       ~std::uint64_t{0} << 8 | layout::kPhaseWaiting,
                                       ~std::uint64_t{0x1FF} | layout::kPhaseWaiting,
                                       (kTicketMax + 1) << 8 | layout::kPhaseWaiting,
                                       kTicketMax << 8 | layout::kPhaseWaiting,
                                       (kTicketMax - 1) << 8 | layout::kPhaseDone};

// Whether the writer's answer to the previous reader is lost together with the line.
enum class Answer : std::uint8_t { kStays, kIsLost };

void damage(const HeapSection& section, std::uint64_t attachment, Answer answer) {
    shared::store(section.view().reader_line(0).attachment, attachment, std::memory_order_seq_cst);
    if (answer == Answer::kIsLost)
        shared::store(section.view().admission(0).verdict, std::uint64_t{0},
                      std::memory_order_seq_cst);
}

template <typename Test>
void for_all_damage(const Test& test) {
    for (const Answer answer : {Answer::kStays, Answer::kIsLost})
        for (const std::uint64_t nonsense : kNonsense) {
            SCOPED_TRACE(::testing::Message() << std::hex << nonsense);
            test(nonsense, answer);
        }
}

// A writer of frames and two readers that use the same line, one after the other.
struct LostFrames {
    LostFrames(Delivery delivery, std::uint64_t slots)
        : section({.delivery = delivery,
                   .slot_count = slots,
                   .slot_capacity_bytes = 4096,
                   .reader_limit = 2}) {}

    std::uint32_t put() {
        const auto slot = writer.acquire(kPatienceMs);
        EXPECT_TRUE(slot);
        (void)writer.publish(slot.value_or(0), 100, {});
        return slot.value_or(0);
    }
    // The first reader dies with a lease and a frame to take, and the writer notices the death.
    void lose_first() {
        first.attach(0, 1);
        put();
        const auto held = first.claim_next(0);
        EXPECT_TRUE(held && *held);
        peers.on_reader_lives = [] { return false; };
        while (writer.published() < 12)
            put();
        peers.on_reader_lives = [] { return true; };
        EXPECT_EQ(writer.readers_lost(), 1u);
    }
    // The second reader takes the very next frame.
    void take_next() {
        const auto frame = second.claim_next(wanted);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->facts.sequence, ++wanted);
        second.advance_cursor(wanted);
        second.release(**frame);
    }

    HeapSection section;
    HookedPeers peers;
    FrameRingWriter writer{section.view(), peers, kLimits};
    FrameRingReader first{section.view(), peers};
    FrameRingReader second{section.view(), peers};
    std::uint64_t wanted = 0;
};

TEST(DamagedLine, NextReaderKeepsItsLease) {
    for (const Delivery delivery : {Delivery::kLatest, Delivery::kEach})
        for_all_damage([&](std::uint64_t nonsense, Answer answer) {
            LostFrames frames(delivery, 8);
            frames.lose_first();
            damage(frames.section, nonsense, answer);
            frames.second.attach(0, 2);
            frames.put();
            const auto held = frames.second.claim_newest(0);
            ASSERT_TRUE(held && *held);
            frames.second.advance_cursor(1000);
            for (int i = 0; i < 20; ++i)
                ASSERT_NE(frames.put(), (*held)->slot);
        });
}

TEST(DamagedLine, NextReaderOfEachMissesNoFrame) {
    for_all_damage([](std::uint64_t nonsense, Answer answer) {
        LostFrames frames(Delivery::kEach, 4);
        frames.lose_first();
        damage(frames.section, nonsense, answer);
        frames.wanted = frames.second.attach(0, 2);
        frames.peers.on_sleep = [&] { frames.take_next(); };
        for (int i = 0; i < 20; ++i)
            frames.put();
        EXPECT_GE(frames.wanted + 4, frames.writer.published());
    });
}

TEST(DamagedLine, NextReaderOfAStreamIsAdmitted) {
    for (const bool first_is_missed : {true, false})
        for_all_damage([&](std::uint64_t nonsense, Answer answer) {
            HeapSection section(testing::small_stream(4));
            HookedPeers peers;
            RingWriter writer{section.view(), peers, kLimits};
            RingReader first{section.view(), peers, kLimits};
            RingReader second{section.view(), peers, kLimits};
            peers.on_sleep = [&] { writer.admit_waiting(); };
            ASSERT_TRUE(testing::take_place(first, 0, 1));
            ASSERT_TRUE(testing::put_message(writer, testing::message_bytes(0)));
            if (first_is_missed) {
                peers.on_reader_lives = [] { return false; };
                ASSERT_TRUE(writer.drain());
                EXPECT_EQ(writer.tally().lost, 1u);
                peers.on_reader_lives = [] { return true; };
            }
            damage(section, nonsense, answer);
            const auto placed = testing::take_place(second, 0, 2);
            ASSERT_TRUE(placed) << placed.error().message;
            ASSERT_TRUE(testing::put_message(writer, testing::message_bytes(1)));
            EXPECT_TRUE(second.next().value());
        });
}

// The new reader has the dead reader's number, and comes exactly when the writer notes the death.
TEST(DamagedLine, ReaderThatComesWhileADeathIsNotedIsNotTakenForTheDeadOne) {
    LostFrames frames(Delivery::kEach, 4);
    frames.first.attach(0, 1);
    for (int i = 0; i < 4; ++i)
        frames.put();
    bool came = false;
    frames.peers.on_reader_lives = [&] {
        if (came) return true;
        came = true;
        damage(frames.section, 0, Answer::kStays);
        frames.wanted = frames.second.attach(0, 2);
        return false;  // the kernel's earlier answer
    };
    frames.peers.on_sleep = [&] { frames.take_next(); };
    for (int i = 0; i < 12; ++i)
        frames.put();
    EXPECT_TRUE(came);
    EXPECT_EQ(frames.writer.readers_lost(), 0u);
    EXPECT_GE(frames.wanted + 4, frames.writer.published());
}

TEST(DamagedLine, TicketOutOfRangeIsNotWaitedFor) {
    LostFrames frames(Delivery::kEach, 2);
    damage(frames.section, (kTicketMax + 1) << 8 | layout::kPhaseWaiting, Answer::kStays);
    for (int i = 0; i < 10; ++i)
        frames.put();
    EXPECT_EQ(frames.writer.readers_lost(), 0u);
    EXPECT_EQ(frames.writer.count_attached(), 0u);
}

TEST(DamagedLine, NextTicketIsInRangeAndBeyondWhatIsKnown) {
    constexpr std::uint64_t kMost = ~std::uint64_t{0} >> 8;
    const std::uint64_t known[] = {0, 1, 2, 7, kTicketMax - 1, kTicketMax, kTicketMax + 1, kMost};
    for (const std::uint64_t line : known)
        for (const std::uint64_t answer : known) {
            const std::uint64_t next = next_ticket(line << 8 | 0xFF, answer << 8 | 1);
            SCOPED_TRACE(::testing::Message() << line << " and " << answer << ": " << next);
            EXPECT_TRUE(is_ticket(next));
            EXPECT_TRUE(next != line && next != answer);
            if (line == kTicketMax || answer == kTicketMax) continue;  // the tickets start again
            EXPECT_TRUE(next > line || line > kTicketMax);
            EXPECT_TRUE(next > answer || answer > kTicketMax);
        }
}

}  // namespace
}  // namespace mapferry
