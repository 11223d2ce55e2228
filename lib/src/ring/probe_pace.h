// SPDX-License-Identifier: Apache-2.0
// How often the kernel is asked who lives by somebody who looks again and again without waiting.
#pragma once

#include <cstdint>

#include "ring/patience.h"
#include "ring/peers.h"

namespace mapferry::inline v1 {

class ProbePace {
  public:
    // Whether the last time that it was true is so long ago that it is worth a system call.
    [[nodiscard]] bool is_due(Peers& peers) {
        const std::int64_t now_ms = peers.now_ms();
        if (now_ms - asked_ms_ < kProbeMs) return false;
        asked_ms_ = now_ms;
        return true;
    }

  private:
    std::int64_t asked_ms_ = -kProbeMs;
};

}  // namespace mapferry::inline v1
