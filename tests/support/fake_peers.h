// SPDX-License-Identifier: Apache-2.0
// The ring's outside world, made by hand: which processes live, what time it is, what the other
// sides do while one side sleeps. FakePeers is for one thread that plays all parts; ThreadPeers is
// for threads that share a section.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

#include "format/layout.h"
#include "ring/peers.h"

namespace mapferry::testing {

// Time passes only in advance_ms(), and in a sleep whose word does not change.
class FakePeers final : public Peers {
  public:
    void kill_writer() { writer_lives_ = false; }
    void kill_reader(std::uint32_t reader) { reader_is_dead_.at(reader) = true; }
    void revive_reader(std::uint32_t reader) { reader_is_dead_.at(reader) = false; }
    void advance_ms(std::int64_t ms) { now_ms_ += ms; }

    // The action of the other sides each time one side sleeps.
    void while_asleep(std::function<void()> act) { act_ = std::move(act); }
    void while_asleep_do_nothing() { act_ = nullptr; }

    [[nodiscard]] std::uint64_t sleeps() const { return sleeps_; }
    // The number of rings for a sleeper; each would have been a system call.
    [[nodiscard]] std::uint64_t rings() const { return rings_; }

    // Throws after so many calls that the caller must be in an endless loop.
    void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) override;
    void ring(std::uint32_t&, std::uint32_t) override { ++rings_; }
    bool writer_lives() override { return writer_lives_; }
    bool reader_lives(std::uint32_t reader) override { return !reader_is_dead_.at(reader); }
    void pause() override {}
    std::int64_t now_ms() override { return now_ms_; }

  private:
    bool writer_lives_ = true;
    std::array<bool, layout::kReaderLimit> reader_is_dead_{};
    std::int64_t now_ms_ = 1'000'000;
    std::uint64_t sleeps_ = 0;
    std::uint64_t rings_ = 0;
    std::function<void()> act_;
};

// All peers live, time stands still, and only a ring wakes a sleeper. A lost wake-up, which probing
// would hide in a real section, therefore shows up as a hang. A hang ends after a minute: hours
// pass on this clock, and is_stuck() returns true.
class ThreadPeers final : public Peers {
  public:
    [[nodiscard]] bool is_stuck();

    void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) override;
    void ring(std::uint32_t& word, std::uint32_t before) override;
    bool writer_lives() override { return true; }
    bool reader_lives(std::uint32_t) override { return true; }
    void pause() override;
    std::int64_t now_ms() override { return now_ms_.load(std::memory_order_relaxed); }

  private:
    std::mutex mutex_;
    std::condition_variable rung_;
    bool stuck_ = false;  // guarded by mutex_
    std::atomic<std::int64_t> now_ms_ = 0;
};

}  // namespace mapferry::testing
