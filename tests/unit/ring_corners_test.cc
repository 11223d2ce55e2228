// SPDX-License-Identifier: Apache-2.0
// Rare moments of the ring, each produced on purpose: one side dies, ends, stops or is given up
// exactly when the other side looks.
#include <gtest/gtest.h>

#include <array>

#include "format/shared_access.h"
#include "format/wire_cause.h"
#include "ring/bell.h"
#include "support/hooked_peers.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::HookedPeers;
using testing::kRigTimeoutMs;
using testing::message_bytes;
using testing::put_message;
using testing::RingRig;
using testing::small_keep;
using testing::small_stream;
using testing::take_place;

// A writer and one reader on its line.
struct Pair {
    explicit Pair(const PlanRequest& request = small_stream(2)) : section(request) {}

    // The reader gets its place when it asks for it.
    void seat() {
        peers.on_sleep = [this] { writer.admit_waiting(); };
        ASSERT_TRUE(take_place(reader, 0, 1));
        peers.on_sleep = [] {};
    }
    Result<std::uint64_t> put() {
        return put_message(writer, message_bytes(writer.next_sequence()));
    }
    [[nodiscard]] layout::ReaderLine& line() const { return section.view().reader_line(0); }
    void answer(std::uint64_t verdict) const {
        const std::uint64_t ticket =
            shared::load(line().attachment, std::memory_order_relaxed) >> 8;
        shared::store(section.view().admission(0).verdict, ticket << 8 | verdict,
                      std::memory_order_relaxed);
    }
    void attach_as(std::uint64_t ticket, std::uint64_t phase) const {
        shared::store(line().attachment, ticket << 8 | phase, std::memory_order_relaxed);
    }

    HeapSection section;
    HookedPeers peers;
    std::atomic<int> stop = 0;
    WaitLimits limits{.timeout_ms = kRigTimeoutMs, .stop = &stop};
    RingWriter writer{section.view(), peers, limits};
    RingReader reader{section.view(), peers, limits};
};

template <typename Value>
Code corner_code(const Result<Value>& result) {
    return result ? Code::kNotReady : result.error().code;
}

// ---- the bell -----------------------------------------------------------------------------------

TEST(RingCorner, NewsBetweenTheFlagAndTheSleepIsSeen) {
    HeapSection section(small_stream(2));
    HookedPeers peers;
    int sleeps = 0;
    peers.on_sleep = [&] { ++sleeps; };
    bool news = true;
    sleep_at(section.view().readers_bell(), peers, 100, [&] { return news; });
    EXPECT_EQ(sleeps, 0);
    news = false;
    sleep_at(section.view().readers_bell(), peers, 100, [&] { return news; });
    EXPECT_EQ(sleeps, 1);
}

// ---- the writer ---------------------------------------------------------------------------------

TEST(RingCorner, WriterSaysHowManyReadersCame) {
    Pair pair;
    const auto waited = pair.writer.wait_for_readers(2, 1000);
    ASSERT_EQ(corner_code(waited), Code::kTimedOut);
    EXPECT_TRUE(waited.error().message.starts_with("only 0 of 2")) << waited.error().message;
    pair.peers.on_sleep = [&] { pair.stop = 1; };
    EXPECT_EQ(corner_code(pair.writer.wait_for_readers(2, 1000)), Code::kInterrupted);
}

TEST(RingCorner, WaitingReaderThatIsDeadOrHasNoTicketDoesNotCount) {
    Pair pair;
    pair.attach_as(0, layout::kPhaseWaiting);
    EXPECT_EQ(corner_code(pair.writer.wait_for_readers(1, 500)), Code::kTimedOut);
    pair.attach_as(7, layout::kPhaseWaiting);
    EXPECT_TRUE(pair.writer.wait_for_readers(1, 500) && pair.writer.check_readers());
    pair.peers.on_reader_lives = [] { return false; };
    EXPECT_EQ(corner_code(pair.writer.wait_for_readers(1, 500)), Code::kTimedOut);
}

TEST(RingCorner, WriterThatNobodyEverReadEnds) {
    Pair pair;
    EXPECT_EQ(corner_code(pair.writer.check_readers()), Code::kPeerGone);
    ASSERT_TRUE(pair.put());
    ASSERT_TRUE(pair.put());
    const auto put = pair.put();
    ASSERT_EQ(corner_code(put), Code::kPeerGone);
    EXPECT_EQ(put.error().message, "no reader is left");
}

TEST(RingCorner, AskingForFreeSlotsHidesNotThatNobodyIsLeft) {
    Pair pair(small_stream(8));
    pair.seat();
    EXPECT_EQ(pair.writer.free_run(), 8U);
    pair.reader.leave(layout::kPhaseFailed, wire_cause(Code::kIo));
    Result<std::uint64_t> put;
    for (int i = 0; i < 9 && put; ++i) {
        EXPECT_EQ(pair.writer.free_run(), 1U);
        put = pair.put();
    }
    EXPECT_EQ(corner_code(put), Code::kPeerGone);
}

TEST(RingCorner, WriterWhoseMemoryIsGoneWaitsForNobody) {
    Pair pair;
    pair.seat();
    ASSERT_TRUE(pair.put());
    ASSERT_TRUE(pair.put());
    pair.peers.on_memory_is_lost = [] { return true; };
    EXPECT_EQ(corner_code(pair.put()), Code::kIo);
}

TEST(RingCorner, StopFlagEndsEveryWaitOfTheWriter) {
    Pair pair;
    pair.seat();
    EXPECT_TRUE(pair.writer.check_readers());
    ASSERT_TRUE(pair.put());
    ASSERT_TRUE(pair.put());
    pair.peers.on_sleep = [&] { pair.stop = 1; };
    EXPECT_EQ(corner_code(pair.put()), Code::kInterrupted);
    EXPECT_EQ(corner_code(pair.writer.check_readers()), Code::kInterrupted);
    EXPECT_EQ(corner_code(pair.writer.drain()), Code::kInterrupted);
    EXPECT_EQ(pair.writer.tally().served, 0u);
}

TEST(RingCorner, KeptRingNeedsNoReader) {
    Pair pair(small_keep(2));
    EXPECT_TRUE(pair.writer.check_readers());
}

// The writer itself was stopped: it does not give up the reader, which could do nothing.
TEST(RingCorner, WritersOwnPauseIsNotTheReadersFault) {
    RingRig rig(small_stream(2));
    RingReader& reader = rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    ASSERT_TRUE(rig.put_next());
    int sleeps = 0;
    rig.peers.while_asleep([&] {
        if (++sleeps == 1) rig.peers.advance_ms(2 * kRigTimeoutMs);
        if (sleeps == 2) rig.take_next(reader);
    });
    EXPECT_TRUE(rig.put_next());
    EXPECT_EQ(rig.writer.tally().lost, 0u);
}

TEST(RingCorner, DrainOfReadersThatAreAllDeadEnds) {
    Pair pair;
    pair.seat();
    ASSERT_TRUE(pair.put());
    pair.peers.on_reader_lives = [] { return false; };
    EXPECT_TRUE(pair.writer.drain());
    EXPECT_EQ(pair.writer.tally().lost, 1u);
}

// ---- the writer's book --------------------------------------------------------------------------

TEST(RingCorner, LineWithANewOwnerHasLostTheOldOne) {
    for (const bool admitted : {true, false}) {
        Pair pair;
        pair.seat();
        const std::uint64_t ticket =
            shared::load(pair.line().attachment, std::memory_order_relaxed) >> 8;
        pair.attach_as(ticket + 1, layout::kPhaseWaiting);
        if (admitted) pair.writer.admit_waiting();
        ASSERT_TRUE(pair.put());
        ASSERT_TRUE(pair.put());
        if (!admitted) {
            EXPECT_EQ(corner_code(pair.put()), Code::kPeerGone);
        }
        EXPECT_EQ(pair.writer.tally().lost, 1u);
        EXPECT_EQ(pair.writer.last_loss(), "it died");
    }
}

TEST(RingCorner, CursorThatGoesBackLosesItsReader) {
    Pair pair;
    pair.seat();
    ASSERT_TRUE(pair.put());
    ASSERT_TRUE(pair.put());
    pair.reader.done();
    pair.reader.release();
    ASSERT_TRUE(pair.put());  // the writer has seen the cursor
    shared::store(pair.line().cursor, std::uint64_t{0}, std::memory_order_relaxed);
    EXPECT_EQ(corner_code(pair.put()), Code::kPeerGone);
    EXPECT_EQ(pair.writer.last_loss(), "its cursor makes no sense");
}

TEST(RingCorner, ReaderThatLeavesEarlyIsLost) {
    Pair pair;
    pair.seat();
    ASSERT_TRUE(pair.put());
    ASSERT_TRUE(pair.put());
    pair.reader.leave(layout::kPhaseDone, 0);
    EXPECT_EQ(corner_code(pair.put()), Code::kPeerGone);
    EXPECT_EQ(pair.writer.last_loss(), "it left early");
}

// The writer first asks whether the reader lives, then reads its last store.
TEST(RingCorner, LastWordOfADyingReaderCounts) {
    for (const bool failed : {false, true}) {
        Pair pair;
        pair.seat();
        ASSERT_TRUE(pair.put());
        ASSERT_TRUE(pair.put());
        pair.peers.on_reader_lives = [&] {
            if (failed)
                pair.reader.leave(layout::kPhaseFailed, wire_cause(Code::kIo));
            else
                shared::store(pair.line().cursor, std::uint64_t{2}, std::memory_order_relaxed);
            return false;
        };
        const auto put = pair.put();
        EXPECT_EQ(put.has_value(), !failed);
        EXPECT_EQ(pair.writer.tally().lost, failed ? 1u : 0u);
        EXPECT_NE(pair.writer.last_loss(), "it died");
    }
}

// ---- the reader's place -------------------------------------------------------------------------

TEST(RingCorner, ReaderAfterTheEndIsTooLate) {
    Pair pair;
    pair.writer.set_state(layout::kStateEnded, 0);
    const auto placed = take_place(pair.reader, 0, 1);
    ASSERT_EQ(corner_code(placed), Code::kPeerGone);
    EXPECT_TRUE(placed.error().message.contains("too late")) << placed.error().message;
}

TEST(RingCorner, PlaceThatADyingWriterGaveCounts) {
    Pair pair;
    pair.peers.on_writer_lives = [&] {
        pair.writer.admit_waiting();
        return false;
    };
    EXPECT_TRUE(take_place(pair.reader, 0, 1));
}

TEST(RingCorner, EndThatADyingWriterToldCounts) {
    Pair pair;
    pair.peers.on_writer_lives = [&] {
        pair.writer.set_state(layout::kStateEnded, 0);
        return false;
    };
    const auto placed = take_place(pair.reader, 0, 1);
    ASSERT_EQ(corner_code(placed), Code::kPeerGone);
    EXPECT_TRUE(placed.error().message.contains("too late")) << placed.error().message;
}

TEST(RingCorner, WaitForAPlaceEndsWithTheWriterTheTimeoutOrTheStopFlag) {
    Pair dead;
    dead.peers.on_writer_lives = [] { return false; };
    EXPECT_EQ(corner_code(take_place(dead.reader, 0, 1)), Code::kPeerGone);
    Pair slow;
    const auto waited = take_place(slow.reader, 0, 1);
    ASSERT_EQ(corner_code(waited), Code::kTimedOut);
    EXPECT_EQ(waited.error().remedy, Remedy::kStartMoreReaders);
    Pair stopped;
    stopped.peers.on_sleep = [&] { stopped.stop = 1; };
    EXPECT_EQ(corner_code(take_place(stopped.reader, 0, 1)), Code::kInterrupted);
    Pair given_up;
    given_up.peers.on_sleep = [&] { given_up.answer(layout::kVerdictGivenUp); };
    EXPECT_EQ(corner_code(take_place(given_up.reader, 0, 1)), Code::kEvicted);
}

// Without the ring, it would learn of its place only with the next group of messages.
TEST(RingCorner, ReaderThatSleepsForItsPlaceIsRungWhenItHasOne) {
    RingRig rig(small_stream(2));
    RingReader& reader = rig.add_reader();
    std::uint64_t rings = 0;
    rig.peers.while_asleep([&] {
        rig.writer.admit_waiting();
        rings = rig.peers.rings();
    });
    ASSERT_TRUE(take_place(reader, 0, 1));
    EXPECT_EQ(rings, 1u);
}

// ---- the reader's messages ----------------------------------------------------------------------

TEST(RingCorner, LastMessageOfADyingWriterCounts) {
    Pair pair;
    pair.seat();
    pair.peers.on_writer_lives = [&] {
        EXPECT_TRUE(pair.put());
        return false;
    };
    const auto message = pair.reader.next();
    ASSERT_TRUE(message && *message);
    EXPECT_EQ((*message)->sequence, 0u);
}

TEST(RingCorner, WaitForAMessageEndsWithTheStopFlagOrWhenGivenUp) {
    Pair stopped;
    stopped.seat();
    stopped.peers.on_sleep = [&] { stopped.stop = 1; };
    EXPECT_EQ(corner_code(stopped.reader.next()), Code::kInterrupted);
    EXPECT_EQ(corner_code(stopped.reader.next()), Code::kInterrupted);
    Pair given_up;
    given_up.seat();
    given_up.peers.on_sleep = [&] { given_up.answer(layout::kVerdictGivenUp); };
    EXPECT_EQ(corner_code(given_up.reader.next()), Code::kEvicted);
}

// Eight readers that look again every 0.1 ms within a payload take a processor from the writer.
TEST(RingCorner, ReaderNapsBetweenPayloadsAndSleepsAtOnceWithinOne) {
    struct Case {
        std::uint32_t kind;
        int naps;
    };
    constexpr std::array kCases = {Case{layout::kKindManifest, 0}, Case{layout::kKindChunk, 0},
                                   Case{layout::kKindEnd, 1}, Case{layout::kKindPayload, 1}};
    for (const Case& now : kCases) {
        Pair pair;
        pair.seat();
        ASSERT_TRUE(put_message(pair.writer, testing::Bytes(8), {.kind = now.kind}));
        pair.writer.flush();
        ASSERT_TRUE(pair.reader.next());
        pair.reader.done();
        pair.peers.nap_count = 0;
        pair.peers.on_sleep = [&] { pair.stop = 1; };
        EXPECT_EQ(corner_code(pair.reader.next()), Code::kInterrupted);
        EXPECT_EQ(pair.peers.nap_count, now.naps) << now.kind;
    }
}

// The writer has refilled the slot of a given-up reader: that is an eviction, not damage.
TEST(RingCorner, ChangedMessageOfAGivenUpReaderIsNoDamage) {
    Pair pair;
    pair.seat();
    ASSERT_TRUE(pair.put());
    pair.section.set_word(pair.section.slot_offset(0), std::uint64_t{99});
    EXPECT_EQ(corner_code(pair.reader.next()), Code::kCorrupt);
    pair.answer(layout::kVerdictGivenUp);
    EXPECT_EQ(corner_code(pair.reader.next()), Code::kEvicted);
}

TEST(RingCorner, ForgedMessageBehindAKeptRingsLastIsRefused) {
    Pair pair(small_keep(2));
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(pair.put());
        ASSERT_TRUE(pair.reader.next());
        pair.reader.done();
    }
    pair.section.set_word(pair.section.slot_offset(0) + offsetof(layout::Slot, sequence),
                          std::uint64_t{3});
    pair.section.reseal_slot(0);
    shared::store(pair.section.view().writer_line().published, std::uint64_t{3},
                  std::memory_order_relaxed);
    EXPECT_EQ(corner_code(pair.reader.next()), Code::kCorrupt);
}

TEST(RingCorner, ForgedDescriptorWithARightChecksumIsRefused) {
    struct Forgery {
        const char* field;
        std::uint64_t offset;
        std::uint64_t value;
        std::size_t bytes;
    };
    for (const Forgery& forgery :
         {Forgery{"sequence", offsetof(layout::Slot, sequence), 2, 8},
          Forgery{"bytes", offsetof(layout::Slot, bytes), 4097, 8},
          Forgery{"kind", offsetof(layout::Slot, kind), 0, 4},
          Forgery{"kind", offsetof(layout::Slot, kind), layout::kKindPayload + 1, 4},
          Forgery{"flags", offsetof(layout::Slot, flags), 1, 4}}) {
        Pair pair;
        pair.seat();
        ASSERT_TRUE(pair.put());
        const std::uint64_t at = pair.section.slot_offset(0) + forgery.offset;
        if (forgery.bytes == 8)
            pair.section.set_word(at, forgery.value);
        else
            pair.section.set_word(at, static_cast<std::uint32_t>(forgery.value));
        pair.section.reseal_slot(0);
        const auto message = pair.reader.next();
        ASSERT_EQ(corner_code(message), Code::kCorrupt) << forgery.field;
        EXPECT_TRUE(message.error().message.contains(forgery.field)) << message.error().message;
    }
}

}  // namespace
}  // namespace mapferry
