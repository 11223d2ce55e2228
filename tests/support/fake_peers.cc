// SPDX-License-Identifier: Apache-2.0
#include "support/fake_peers.h"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "format/shared_access.h"

namespace mapferry::testing {

namespace {

constexpr std::uint64_t kSleepsMax = 1'000'000;
constexpr std::chrono::seconds kHang{60};
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

void FakePeers::sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    if (++sleeps_ > kSleepsMax) throw std::runtime_error("somebody sleeps for ever");
    if (act_) act_();
    if (shared::load(word, std::memory_order_seq_cst) == seen) now_ms_ += timeout_ms;
}

bool ThreadPeers::is_stuck() {
    const std::lock_guard lock(mutex_);
    return stuck_;
}

void ThreadPeers::sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t) {
    std::unique_lock lock(mutex_);
    const auto moved = [&] {
        return stuck_ || shared::load(word, std::memory_order_seq_cst) != seen;
    };
    if (rung_.wait_for(lock, kHang, moved)) return;
    stuck_ = true;
    now_ms_.fetch_add(kHourMs, std::memory_order_relaxed);
    rung_.notify_all();
}

void ThreadPeers::ring(std::uint32_t&, std::uint32_t) {
    const std::lock_guard lock(mutex_);
    rung_.notify_all();
}

void ThreadPeers::pause() {
    std::this_thread::yield();
}

}  // namespace mapferry::testing
