// SPDX-License-Identifier: Apache-2.0
// When a wait that began now is over.
#pragma once

#include <algorithm>
#include <chrono>

#include "mapferry/timeout.h"

namespace mapferry::cli {

class Deadline {
  public:
    explicit Deadline(const Timeout& timeout) : timeout_(timeout) {}

    [[nodiscard]] bool is_over() const { return timeout_ && waited() >= *timeout_; }

    // How long the next part of the wait may be: `most`, or what is left.
    [[nodiscard]] std::chrono::milliseconds next_part(std::chrono::milliseconds most) const {
        if (!timeout_) return most;
        return std::clamp(*timeout_ - waited(), std::chrono::milliseconds(0), most);
    }

  private:
    using Clock = std::chrono::steady_clock;
    // In milliseconds, of which a timeout may have more than nanoseconds could count.
    [[nodiscard]] std::chrono::milliseconds waited() const {
        return std::chrono::floor<std::chrono::milliseconds>(Clock::now() - began_);
    }

    Timeout timeout_;
    Clock::time_point began_ = Clock::now();
};

}  // namespace mapferry::cli
