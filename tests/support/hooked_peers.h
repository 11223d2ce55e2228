// SPDX-License-Identifier: Apache-2.0
// Peers for rare moments in the rings: an event happens exactly while one side looks, sleeps or
// spins.
#pragma once

#include <cstdint>
#include <functional>

#include "ring/peers.h"

namespace mapferry::testing {

// Time passes only in sleep.
class HookedPeers final : public Peers {
  public:
    std::function<void()> on_sleep = [] {};
    std::function<void()> on_pause = [] {};
    std::function<bool()> on_writer_lives = [] { return true; };
    std::function<bool()> on_reader_lives = [] { return true; };
    std::function<bool()> on_memory_is_lost = [] { return false; };
    int nap_count = 0;

    void sleep_on(std::uint32_t&, std::uint32_t, std::int64_t timeout_ms) override {
        now_ms_ += timeout_ms;
        on_sleep();
    }
    void nap_on(std::uint32_t&, std::uint32_t) override { ++nap_count; }
    void ring(std::uint32_t&, std::uint32_t) override {}
    bool writer_lives() override { return on_writer_lives(); }
    bool reader_lives(std::uint32_t) override { return on_reader_lives(); }
    bool memory_is_lost() override { return on_memory_is_lost(); }
    void pause() override { on_pause(); }
    std::int64_t now_ms() override { return now_ms_; }

  private:
    std::int64_t now_ms_ = 1'000'000;
};

}  // namespace mapferry::testing
