// SPDX-License-Identifier: Apache-2.0
// Frames at an even pace.
#pragma once

#include <functional>

#include "mapferry/status.h"

namespace mapferry::cli {

class FrameClock {
  public:
    // 0: as fast as they come.
    explicit FrameClock(double frames_per_second) : frames_per_second_(frames_per_second) {}

    // Waits until the next frame is due; the first one is at once. `check` is called about ten
    // times a second meanwhile and ends the wait with its own error. A late frame makes the next
    // one due at once, but never more than one: what was missed is not made up for.
    [[nodiscard]] Result<void> wait(const std::function<Result<void>()>& check);

  private:
    double frames_per_second_;
    double due_s_ = 0;
    bool began_ = false;
};

}  // namespace mapferry::cli
