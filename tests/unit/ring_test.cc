// SPDX-License-Identifier: Apache-2.0
// The ring's protocol in a heap buffer: order, waiting, taking part, death, damage.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "format/shared_access.h"
#include "format/wire_cause.h"
#include "ring/ring_reader.h"
#include "ring/ring_writer.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"
#include "support/ring_rig.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::kRigTimeoutMs;
using testing::put_payload;
using testing::RingRig;
using testing::small_keep;
using testing::small_stream;
using testing::take_payload;
using testing::take_place;
using testing::ThreadPeers;

Code message_code(const Result<std::optional<Message>>& result) {
    return result ? Code::kNotReady : result.error().code;
}

TEST(Ring, PassesMessagesInOrderThroughAnyNumberOfSlots) {
    for (const std::uint64_t slots : {1u, 2u, 3u, 64u}) {
        RingRig rig(small_stream(slots));
        RingReader& reader = rig.seat_reader();
        for (int i = 0; i < 500; ++i) {
            ASSERT_TRUE(rig.put_next());
            rig.take_next(reader);
        }
    }
}

TEST(Ring, WriterWaitsForTheSlowestReader) {
    RingRig rig(small_stream(2));
    RingReader& fast = rig.seat_reader();
    RingReader& slow = rig.seat_reader();
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(rig.put_next());
        rig.take_next(fast);
    }
    rig.peers.while_asleep([&] {
        rig.take_next(slow);
        rig.peers.while_asleep_do_nothing();
    });
    ASSERT_TRUE(rig.put_next());
    EXPECT_GE(rig.peers.sleeps(), 1u);
}

TEST(Ring, DeadReaderIsDroppedAndTheOthersGoOn) {
    RingRig rig(small_stream(2));
    RingReader& living = rig.seat_reader();
    (void)rig.seat_reader();
    rig.peers.kill_reader(1);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(rig.put_next());
        rig.take_next(living);
    }
    EXPECT_EQ(rig.writer.tally().lost, 1u);
}

TEST(Ring, WithoutAnyLivingReaderTheWriterEnds) {
    RingRig rig(small_stream(2));
    (void)rig.seat_reader();
    rig.peers.kill_reader(0);
    ASSERT_TRUE(rig.put_next());
    ASSERT_TRUE(rig.put_next());
    const auto put = rig.put_next();
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, Code::kPeerGone);
}

TEST(Ring, StalledReaderIsGivenUpAndLearnsIt) {
    RingRig rig(small_stream(2));
    RingReader& living = rig.seat_reader();
    RingReader& stalled = rig.seat_reader();
    for (int i = 0; i < 40; ++i) {
        ASSERT_TRUE(rig.put_next());
        rig.take_next(living);
    }
    EXPECT_EQ(rig.writer.tally().lost, 1u);
    EXPECT_FALSE(living.was_given_up());
    EXPECT_TRUE(stalled.was_given_up());
    // Its slots were reused: that is an eviction, not corruption.
    EXPECT_EQ(message_code(stalled.next()), Code::kEvicted);
}

TEST(Ring, LivingReaderIsWaitedForWithoutAStallTimeout) {
    RingRig rig(small_stream(2), std::nullopt);
    RingReader& busy = rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    ASSERT_TRUE(rig.put_next());
    int sleeps = 0;
    rig.peers.while_asleep([&] {
        rig.peers.advance_ms(kRigTimeoutMs);
        if (++sleeps == 200) rig.take_next(busy);
    });
    ASSERT_TRUE(rig.put_next());
    EXPECT_EQ(rig.writer.tally().lost, 0u);
    EXPECT_EQ(sleeps, 200);
}

TEST(Ring, ReaderWithAnImpossibleCursorLosesItsPlace) {
    RingRig rig(small_stream(2));
    RingReader& honest = rig.seat_reader();
    (void)rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    rig.take_next(honest);
    shared::store(rig.section.view().reader_line(1).cursor, std::uint64_t{1000},
                  std::memory_order_release);
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(rig.put_next());
        rig.take_next(honest);
    }
    EXPECT_EQ(rig.writer.tally().lost, 1u);
}

TEST(Ring, ReaderThatFailsIsLostWithItsCause) {
    RingRig rig(small_stream(2));
    RingReader& reader = rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    ASSERT_TRUE(rig.put_next());
    reader.leave(layout::kPhaseFailed, wire_cause(Code::kIo));
    const auto put = rig.put_next();
    ASSERT_FALSE(put);
    EXPECT_NE(put.error().message.find("io"), std::string::npos);
}

TEST(Ring, DeadWriterIsNoticedByAWaitingReader) {
    RingRig rig(small_stream(2));
    RingReader& reader = rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    rig.peers.kill_writer();
    rig.take_next(reader);  // messages published before its death count
    EXPECT_EQ(message_code(reader.next()), Code::kPeerGone);
}

TEST(Ring, SilentWriterIsGivenUpAfterTheStallTimeoutAlone) {
    RingRig limited(small_stream(2));
    EXPECT_EQ(message_code(limited.seat_reader().next()), Code::kTimedOut);
    RingRig patient(small_stream(2), std::nullopt);
    RingReader& reader = patient.seat_reader();
    int sleeps = 0;
    patient.peers.while_asleep([&] {
        patient.peers.advance_ms(kRigTimeoutMs);
        if (++sleeps == 200) {
            EXPECT_TRUE(patient.put_next());
        }
    });
    EXPECT_TRUE(reader.next());
    EXPECT_EQ(sleeps, 200);
}

TEST(Ring, LivingWriterThatBeginsNothingIsWaitedForWithoutAStallTimeout) {
    RingRig rig(small_stream(2), std::nullopt);
    RingReader& reader = rig.add_reader();
    int sleeps = 0;
    rig.peers.while_asleep([&] {
        rig.peers.advance_ms(kRigTimeoutMs);
        if (++sleeps == 200) rig.writer.admit_waiting();
    });
    EXPECT_TRUE(take_place(reader, 0, 1));
    EXPECT_EQ(sleeps, 200);
}

TEST(Ring, EndIsEmptyAndAbortIsAnErrorWithItsCause) {
    RingRig ended(small_stream(4));
    RingReader& reader = ended.seat_reader();
    ended.writer.set_state(layout::kStateEnded, 0);
    const auto nothing = reader.next();
    ASSERT_TRUE(nothing);
    EXPECT_FALSE(nothing->has_value());

    RingRig aborted(small_stream(4));
    RingReader& other = aborted.seat_reader();
    aborted.writer.set_state(layout::kStateAborted, wire_cause(Code::kIo));
    const auto gone = other.next();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Code::kPeerGone);
    EXPECT_NE(gone.error().message.find("io"), std::string::npos);
}

TEST(Ring, StopFlagEndsEveryWait) {
    RingRig rig(small_stream(1));
    RingReader& reader = rig.seat_reader();
    ASSERT_TRUE(rig.put_next());
    rig.stop = 1;
    EXPECT_EQ(rig.put_next().error().code, Code::kInterrupted);
    EXPECT_EQ(message_code(reader.next()), Code::kInterrupted);
    EXPECT_EQ(rig.writer.check_readers().error().code, Code::kInterrupted);
    EXPECT_EQ(rig.writer.wait_for_readers(64, 1000).error().code, Code::kInterrupted);
}

TEST(Ring, KeptOneIsFullWhenItsSlotsAreUsed) {
    RingRig rig(small_keep(3));
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(rig.put_next());
    const auto put = rig.put_next();
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, Code::kIo);
}

TEST(Ring, KeptOneThatClaimsToHaveWrappedIsCorrupt) {
    RingRig rig(small_keep(2));
    RingReader& reader = rig.add_reader();
    ASSERT_TRUE(rig.put_next());
    ASSERT_TRUE(rig.put_next());
    shared::store(rig.section.view().writer_line().published, std::uint64_t{1} << 40,
                  std::memory_order_release);
    rig.take_next(reader);
    rig.take_next(reader);
    EXPECT_EQ(message_code(reader.next()), Code::kCorrupt);
}

TEST(Ring, EveryFlippedBitOfADescriptorIsFound) {
    RingRig rig(small_keep(2));
    ASSERT_TRUE(rig.put_next());
    auto bytes = std::as_writable_bytes(std::span(&rig.section.view().slot(0), 1));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const std::byte mask{static_cast<unsigned char>(1u << bit % 8)};
        bytes[bit / 8] ^= mask;
        RingReader reader(rig.section.view(), rig.peers, rig.limits);
        EXPECT_EQ(message_code(reader.next()), Code::kCorrupt) << "bit " << bit;
        bytes[bit / 8] ^= mask;
    }
}

TEST(Ring, RecordOfAWholeSlotIsRefusedBeforeAnybodyCopiesIt) {
    RingRig rig({.delivery = Delivery::kKeep, .slot_count = 2, .slot_capacity_bytes = 1 << 20});
    ASSERT_TRUE(testing::put_message(rig.writer, testing::random_bytes(1 << 20),
                                     {.kind = layout::kKindManifest}));
    const auto message = rig.add_reader().next();
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, Code::kCorrupt);
    EXPECT_TRUE(message.error().message.contains("bytes")) << message.error().message;
}

// Writer and readers share one mapping, so that the thread sanitizer sees both sides. Only a ring
// wakes a sleeper here: a lost wake-up would hang.
TEST(Ring, ThreadsPassPayloadsWithoutLosingAWakeUp) {
    constexpr int kPayloads = 300;
    for (const std::uint32_t readers : {1u, 3u}) {
        HeapSection section(small_stream(8));
        ThreadPeers peers;
        const WaitLimits limits{.timeout_ms = testing::kRigTimeoutMs, .stop = nullptr};
        std::vector<std::jthread> threads;
        threads.reserve(readers);
        for (std::uint32_t line = 0; line < readers; ++line)
            threads.emplace_back([&, line] {
                RingReader reader(section.view(), peers, limits);
                ASSERT_TRUE(take_place(reader, line, 1));
                for (int i = 0; i < kPayloads; ++i) {
                    const auto payload = take_payload(reader);
                    ASSERT_TRUE(payload && *payload);
                    ASSERT_EQ((*payload)->bytes, testing::message_bytes(static_cast<unsigned>(i)));
                }
                reader.release();
                reader.leave(layout::kPhaseDone, 0);
            });
        RingWriter writer(section.view(), peers, limits);
        ASSERT_TRUE(writer.wait_for_readers(readers, testing::kRigTimeoutMs));
        writer.admit_waiting();
        for (int i = 0; i < kPayloads; ++i) {
            const PayloadInfo info{.payload_index = static_cast<std::uint64_t>(i)};
            const auto bytes = testing::message_bytes(static_cast<unsigned>(i));
            ASSERT_TRUE(put_payload(writer, info, bytes, 1000));
        }
        writer.set_state(layout::kStateEnded, 0);
        EXPECT_TRUE(writer.drain());
        EXPECT_EQ(writer.tally().served, readers);
        EXPECT_FALSE(peers.is_stuck());
    }
}

}  // namespace
}  // namespace mapferry
