// SPDX-License-Identifier: Apache-2.0
// Bells in a section that this process may only read: it neither raises nor rings them, because a
// store there would end the process.
#include <gtest/gtest.h>

#include <cstring>

#include "ring/bell.h"

namespace mapferry {
namespace {

class OnlyReading final : public Peers {
  public:
    void sleep_on(std::uint32_t&, std::uint32_t, std::int64_t timeout_ms) override {
        slept_ms_ = timeout_ms;
    }
    void ring(std::uint32_t&, std::uint32_t) override { ++rings_; }
    bool writer_lives() override { return true; }
    bool reader_lives(std::uint32_t) override { return true; }
    bool only_reads() override { return true; }
    void pause() override {}
    std::int64_t now_ms() override { return 0; }

    std::int64_t slept_ms_ = 0;
    int rings_ = 0;
};

TEST(ReadOnlyBell, StaysAsItIs) {
    OnlyReading peers;
    layout::BufferLine line{};
    line.sleeping = layout::kBellSleeping;  // left by a waiter that gave up
    const layout::BufferLine before = line;
    sleep_at(line, peers, 100, [] { return false; });
    nap_at(line, peers, [] { return false; });
    ring_if_slept(line, peers, Told::by_kernel());
    EXPECT_EQ(std::memcmp(&line, &before, sizeof line), 0);
    EXPECT_EQ(peers.rings_, 0);
    // No other side rings for this waiter, so it looks again soon.
    EXPECT_EQ(peers.slept_ms_, kLookWithoutBellMs);
}

}  // namespace
}  // namespace mapferry
