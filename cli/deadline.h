// SPDX-License-Identifier: Apache-2.0
// The end of a wait.
#pragma once

#include <algorithm>
#include <chrono>

#include "mapferry/timeout.h"

namespace mapferry::cli {

class Deadline {
  public:
    explicit Deadline(const Timeout& timeout) : timeout_(timeout) {}

    [[nodiscard]] bool is_over() const { return timeout_ && waited() >= *timeout_; }

    // The length of the next part of the wait: `most`, or the time left when that is shorter.
    [[nodiscard]] std::chrono::milliseconds next_part(std::chrono::milliseconds most) const {
        if (!timeout_) return most;
        return std::clamp(*timeout_ - waited(), std::chrono::milliseconds(0), most);
    }

  private:
    using Clock = std::chrono::steady_clock;
    // In milliseconds, because a long timeout in nanoseconds does not fit in 64 bits.
    [[nodiscard]] std::chrono::milliseconds waited() const {
        return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - began_);
    }

    Timeout timeout_;
    Clock::time_point began_ = Clock::now();
};

}  // namespace mapferry::cli
