// SPDX-License-Identifier: Apache-2.0
// Limits how often a caller that polls without waiting asks the kernel who is alive.
#pragma once

#include <cstdint>

#include "ring/patience.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

class ProbePace {
  public:
    // True when the last true answer is kProbeSoonMs old or older: then a system call is worth its
    // cost.
    [[nodiscard]] bool is_due(Peers& peers) {
        const std::int64_t now_ms = peers.now_ms();
        if (now_ms - asked_ms_ < kProbeSoonMs) return false;
        asked_ms_ = now_ms;
        return true;
    }

  private:
    std::int64_t asked_ms_ = -kProbeSoonMs;
};

}  // namespace mapferry::inline v1
