// SPDX-License-Identifier: Apache-2.0
// Readers that come and go at full speed while the writer works, all in one mapping, so that the
// thread sanitizer sees both sides. (It does not see that two mappings are the same memory.) Once
// among the ordinary tests, again and again in ./run soak.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "format/wire_cause.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "mapferry/detail/hash.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"
#include "support/ring_rig.h"
#include "support/soak_time.h"

namespace mapferry {
namespace {

using testing::HeapSection;
using testing::message_bytes;
using testing::put_payload;
using testing::take_payload;
using testing::take_place;
using testing::ThreadPeers;

constexpr std::uint32_t kStormers = 3;
constexpr int kLives = 150;

// ---- payloads -----------------------------------------------------------------------------------

bool is_whole(const testing::TakenPayload& payload) {
    return payload.bytes == message_bytes(payload.info.payload_index);
}

// One life of a reader: takes a payload and leaves, or leaves in the middle of one. False after the
// end of the stream.
bool live_once(RingReader& reader, std::uint32_t line, int life) {
    if (!take_place(reader, line, 1)) return false;
    if (life % 3 == 0) {
        const auto first = reader.next();
        EXPECT_TRUE(first && *first);
        reader.done();
        reader.leave(layout::kPhaseFailed, wire_cause(Code::kIo));
        return true;
    }
    const auto payload = take_payload(reader);
    EXPECT_TRUE(payload && *payload && is_whole(**payload));
    reader.release();
    reader.leave(layout::kPhaseDone, 0);
    return true;
}

void storm_a_stream() {
    HeapSection section(testing::small_stream(8));
    ThreadPeers peers;
    const WaitLimits limits{.timeout_ms = testing::kRigTimeoutMs, .stop = nullptr};
    std::atomic<std::uint32_t> stormers = kStormers;
    std::atomic<std::uint64_t> taken = 0;
    std::vector<std::jthread> threads;
    threads.emplace_back([&] {  // this reader stays
        RingReader reader(section.view(), peers, limits);
        ASSERT_TRUE(take_place(reader, 0, 1));
        while (true) {
            const auto payload = take_payload(reader);
            ASSERT_TRUE(payload) << payload.error().message;
            if (!*payload) break;
            ASSERT_TRUE(is_whole(**payload));
            ASSERT_EQ((*payload)->info.payload_index, taken.fetch_add(1));
            reader.release();
        }
        reader.leave(layout::kPhaseDone, 0);
    });
    for (std::uint32_t line = 1; line <= kStormers; ++line)
        threads.emplace_back([&, line] {
            for (int life = 0; life < kLives; ++life) {
                RingReader reader(section.view(), peers, limits);
                if (!live_once(reader, line, life)) break;
            }
            stormers.fetch_sub(1);
        });
    RingWriter writer(section.view(), peers, limits);
    // Waits for all readers, so that the one that stays is among them.
    EXPECT_TRUE(writer.wait_for_readers(kStormers + 1, testing::kRigTimeoutMs));
    std::uint64_t put = 0;
    for (; !::testing::Test::HasFailure() && (stormers.load() != 0 || put < 50); ++put) {
        writer.admit_waiting();
        const auto sent = put_payload(writer, {.payload_index = put}, message_bytes(put), 1000);
        EXPECT_TRUE(sent) << sent.error().message;
    }
    writer.set_state(layout::kStateEnded, 0);
    EXPECT_TRUE(writer.drain());
    threads.clear();  // joins
    EXPECT_EQ(taken.load(), put);
    EXPECT_FALSE(peers.is_stuck());
}

TEST(Storm, OfReadersOfAStreamDisturbsNobody) {
    testing::Rounds rounds(1);
    while (!HasFailure() && rounds.next())
        storm_a_stream();
    testing::print_figure("storms over a stream", rounds.done(), " x ", kStormers * kLives,
                          " readers");
}

// ---- frames -------------------------------------------------------------------------------------

// Takes a few frames, with two leases at once, and leaves.
void look_and_leave(FrameRingReader& reader, std::uint32_t line, int life) {
    std::uint64_t wanted = reader.attach(line, 1);
    for (int i = 0; i < life % 4; ++i) {
        const auto first = reader.claim_next(wanted);
        const auto second = reader.claim_newest(wanted);
        ASSERT_TRUE(first && second);
        for (const auto* claimed : {&*first, &*second}) {
            if (!*claimed) continue;
            EXPECT_EQ(xxh3_64(reader.bytes(**claimed)), (*claimed)->facts.xxh3);
            wanted = std::max(wanted, (*claimed)->facts.sequence);
        }
        reader.advance_cursor(wanted);
        for (const auto* claimed : {&*first, &*second})
            if (*claimed) reader.release(**claimed);
    }
    reader.detach(layout::kPhaseDone, 0);
}

void storm_frames(Delivery delivery) {
    HeapSection section({.delivery = delivery,
                         .slot_count = 4 + 2 * kStormers,
                         .slot_capacity_bytes = 4096,
                         .reader_limit = kStormers});
    ThreadPeers peers;
    FrameRingWriter writer(section.view(), peers, {.timeout_ms = testing::kRigTimeoutMs});
    std::atomic<std::uint32_t> stormers = kStormers;
    std::vector<std::jthread> threads;
    threads.reserve(kStormers);
    for (std::uint32_t line = 0; line < kStormers; ++line)
        threads.emplace_back([&, line] {
            for (int life = 0; life < 4 * kLives; ++life) {
                FrameRingReader reader(section.view(), peers);
                look_and_leave(reader, line, life);
            }
            stormers.fetch_sub(1);
        });
    while (stormers.load() != 0 || writer.published() < 1000) {
        const auto slot = writer.acquire(testing::kRigTimeoutMs);
        EXPECT_TRUE(slot) << slot.error().message;
        if (!slot) break;
        const auto bytes = section.view().payload_at(*slot);
        std::ranges::fill(bytes, std::byte{static_cast<unsigned char>(writer.published())});
        (void)writer.publish(*slot, bytes.size(), {.xxh3 = xxh3_64(bytes)});
    }
    threads.clear();  // joins
    EXPECT_EQ(writer.readers_lost(), 0u);
    EXPECT_EQ(writer.count_attached(), 0u);
    for (std::uint64_t line = 0; line < kStormers; ++line)
        for (std::uint32_t i = 0; i < layout::kLeasesPerReader; ++i) {
            auto& mine = section.view().reader_line(static_cast<std::uint32_t>(line));
            EXPECT_EQ(layout::lease_of(mine, i), 0u);
        }
    EXPECT_FALSE(peers.is_stuck());
}

TEST(Storm, OfReadersOfFramesDisturbsNobodyAndLeavesNoLease) {
    testing::Rounds rounds(1);
    while (!HasFailure() && rounds.next())
        for (const Delivery delivery : {Delivery::kLatest, Delivery::kEach})
            storm_frames(delivery);
    testing::print_figure("storms over frames", rounds.done(), " x ", 2 * 4 * kStormers * kLives,
                          " readers");
}

}  // namespace
}  // namespace mapferry
