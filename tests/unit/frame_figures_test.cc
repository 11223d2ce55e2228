// SPDX-License-Identifier: Apache-2.0
// The figures that a reader of frames publishes about itself, and those that the writer counts.
#include <gtest/gtest.h>

#include "format/shared_access.h"
#include "frames/reader/frame_ring_reader.h"
#include "frames/writer/frame_ring_writer.h"
#include "support/fake_peers.h"
#include "support/heap_section.h"

namespace mapferry {
namespace {

class FrameFigures : public ::testing::Test {
  protected:
    FrameFigures() { reader.attach(2, 1000); }

    [[nodiscard]] layout::ReaderFigures figures() const {
        return shared::snapshot(section.view().reader_line(2).figures);
    }

    testing::HeapSection section{{.delivery = Delivery::kLatest,
                                  .slot_count = 4,
                                  .slot_capacity_bytes = 4096,
                                  .reader_limit = 4}};
    testing::FakePeers peers;
    FrameRingReader reader{section.view(), peers};
};

TEST_F(FrameFigures, CountTakenAndMissedFrames) {
    reader.note_taken(0, std::nullopt);
    reader.note_taken(7, std::nullopt);
    reader.note_taken(2, std::nullopt);
    EXPECT_EQ(figures().frames_taken, 3u);
    EXPECT_EQ(figures().frames_missed, 9u);
    EXPECT_EQ(figures().latency_ns, 0u) << "no time was taken";
}

TEST_F(FrameFigures, LatencyIsTheLastOneAndItsMeanMovesSlowly) {
    reader.note_taken(0, 8000);
    EXPECT_EQ(figures().latency_ns, 8000u);
    EXPECT_EQ(figures().latency_mean_ns, 8000u) << "the first one is all there is";
    reader.note_taken(0, 80'000);
    EXPECT_EQ(figures().latency_ns, 80'000u);
    EXPECT_EQ(figures().latency_mean_ns, 17'000u) << "an eighth of the way";
}

TEST_F(FrameFigures, FrameWithoutATimeLeavesTheLatency) {
    reader.note_taken(0, 8000);
    reader.note_taken(0, std::nullopt);
    EXPECT_EQ(figures().latency_ns, 8000u);
}

TEST_F(FrameFigures, AreNotTakenFromTheSection) {
    reader.note_taken(1, 100);
    section.view().reader_line(2).figures = {.frames_taken = 1'000'000,
                                             .frames_missed = 1'000'000,
                                             .latency_ns = 1'000'000,
                                             .latency_mean_ns = 1'000'000,
                                             .reserved = {}};
    reader.note_taken(1, 100);
    EXPECT_EQ(figures().frames_taken, 2u);
    EXPECT_EQ(figures().frames_missed, 2u);
    EXPECT_EQ(figures().latency_mean_ns, 100u);
}

TEST_F(FrameFigures, NextReaderOfALineBeginsAtZero) {
    reader.note_taken(5, 100);
    reader.detach(layout::kPhaseDone, 0);
    FrameRingReader next(section.view(), peers);
    next.attach(2, 1001);
    EXPECT_EQ(figures().frames_missed, 0u);
    EXPECT_EQ(figures().latency_mean_ns, 0u);
}

TEST_F(FrameFigures, WriterCountsTheBytesOfItsFrames) {
    FrameRingWriter writer(section.view(), peers, {.timeout_ms = 1000});
    for (const std::uint64_t bytes : {100u, 0u, 4096u}) {
        const auto slot = writer.acquire(0);
        ASSERT_TRUE(slot);
        (void)writer.publish(*slot, bytes, {});
    }
    EXPECT_EQ(shared::snapshot(section.view().writer_line()).payload_bytes, 4196u);
}

}  // namespace
}  // namespace mapferry
