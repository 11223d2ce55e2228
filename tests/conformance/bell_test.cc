// SPDX-License-Identifier: Apache-2.0
// The platform's promises about bells.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "conformance/either_backing.h"
#include "platform/clock.h"
#include "platform/wake.h"

namespace mapferry::testing {
namespace {

// Longer than any wake-up takes, so that an unheard bell is noticed.
constexpr std::int64_t kLongMs = 30'000;
constexpr std::int64_t kMs = 1'000'000;

class Stopwatch {
  public:
    [[nodiscard]] std::int64_t ms() const { return (platform::monotonic_ns() - began_ns_) / kMs; }

  private:
    std::int64_t began_ns_ = platform::monotonic_ns();
};

class Bell : public EitherBacking {
  protected:
    void SetUp() override {
        object_ = make_object(4096);
        auto mapping = platform::map(object_, 0, 4096, platform::Access::kReadWrite);
        ASSERT_TRUE(mapping);
        mapping_ = std::move(*mapping);
    }
    void TearDown() override { (void)platform::unlink_object(object_); }

    [[nodiscard]] static std::uint32_t& word_of(const platform::Mapping& mapping, int index) {
        return reinterpret_cast<std::uint32_t*>(mapping.data())[index];
    }
    [[nodiscard]] std::uint32_t& word(int index) const { return word_of(mapping_, index); }

    static void strike(std::uint32_t& bell) {
        const auto before = std::atomic_ref(bell).fetch_add(1, std::memory_order_seq_cst);
        platform::ring(bell, before);
    }

    // Sleeps until the word is not zero.
    static void hear(std::uint32_t& bell) {
        while (std::atomic_ref(bell).load(std::memory_order_acquire) == 0)
            platform::sleep_on(bell, 0, kLongMs);
    }

    platform::SharedObject object_;
    platform::Mapping mapping_;
};

INSTANTIATE_TEST_SUITE_P(Each, Bell, ::testing::Values(Backing::kMemory, Backing::kFile),
                         backing_name);

TEST_P(Bell, ChangedWordReturnsAtOnce) {
    word(0) = 5;
    const Stopwatch watch;
    platform::sleep_on(word(0), 4, kLongMs);
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, SilentTimesOut) {
    const Stopwatch watch;
    // A sleep may return early for no reason, but it must not last for ever.
    while (watch.ms() < 50)
        platform::sleep_on(word(0), 0, 50);
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, SilentIsSleptAtAndNotLookedAt) {
    constexpr int kEarlyReturnsMost = 100;  // a time-out that is lost returns thousands of times
    int returns = 0;
    for (const Stopwatch watch; watch.ms() < 50; ++returns)
        platform::sleep_on(word(0), 0, 50);
    EXPECT_LT(returns, kEarlyReturnsMost);
}

TEST_P(Bell, WakesAThread) {
    const Stopwatch watch;
    std::thread sleeper([this] { hear(word(0)); });
    strike(word(0));
    sleeper.join();
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, WakesAllSleepers) {
    const Stopwatch watch;
    std::vector<std::thread> sleepers;
    sleepers.reserve(8);
    for (int i = 0; i < 8; ++i)
        sleepers.emplace_back([this] { hear(word(0)); });
    strike(word(0));
    for (std::thread& sleeper : sleepers)
        sleeper.join();
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, WakesThroughAnotherMapping) {
    const platform::SharedObject other = open_object();
    const auto mapping = platform::map(other, 0, 4096, platform::Access::kReadWrite);
    ASSERT_TRUE(mapping);
    ASSERT_NE(mapping->data(), mapping_.data());
    const Stopwatch watch;
    std::thread sleeper([this] { hear(word(0)); });
    strike(word_of(*mapping, 0));
    sleeper.join();
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, OneStruckDoesNotWakeItsNeighbour) {
    strike(word(1));
    const Stopwatch watch;
    while (watch.ms() < 50)
        platform::sleep_on(word(0), 0, 50);
    EXPECT_EQ(word(0), 0u);
}

TEST_P(Bell, WakesAnotherProcessAndBack) {
    const Stopwatch watch;
    ChildProcess peer = start_peer("answer-bell");
    strike(word(0));
    hear(word(1));
    EXPECT_EQ(peer.wait(), exited(0)) << peer.errors();
    EXPECT_LT(watch.ms(), kLongMs);
}

TEST_P(Bell, PingPongLosesNoStroke) {
    const Stopwatch watch;
    constexpr std::uint32_t kStrokes = 20'000;
    const auto follow = [](std::uint32_t& mine, std::uint32_t& theirs, std::uint32_t lead) {
        for (std::uint32_t stroke = 1; stroke <= kStrokes; ++stroke) {
            if (lead != 0) strike(mine);
            std::uint32_t seen = std::atomic_ref(theirs).load(std::memory_order_acquire);
            while (seen < stroke) {
                platform::sleep_on(theirs, seen, kLongMs);
                seen = std::atomic_ref(theirs).load(std::memory_order_acquire);
            }
            if (lead == 0) strike(mine);
        }
    };
    std::thread answering([&] { follow(word(1), word(0), 0); });
    follow(word(0), word(1), 1);
    answering.join();
    EXPECT_LT(watch.ms(), kLongMs);
}

}  // namespace
}  // namespace mapferry::testing
