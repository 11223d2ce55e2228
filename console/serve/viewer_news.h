// SPDX-License-Identifier: Apache-2.0
// Wakes the viewers' threads: something that one of them may wait for has changed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace mapferry::cli {

class ViewerNews {
  public:
    // The number of changes so far. Take it before looking at what may have changed.
    [[nodiscard]] std::uint64_t count() const {
        const std::scoped_lock locked(lock_);
        return count_;
    }
    void tell() {
        {
            const std::scoped_lock locked(lock_);
            ++count_;
        }
        changed_.notify_all();
    }
    // Returns when there are more changes than `count`, or at `end`.
    void wait(std::uint64_t count, std::chrono::steady_clock::time_point end) const {
        std::unique_lock locked(lock_);
        changed_.wait_until(locked, end, [&] { return count_ != count; });
    }

  private:
    mutable std::mutex lock_;
    mutable std::condition_variable changed_;
    std::uint64_t count_ = 0;
};

}  // namespace mapferry::cli
