// SPDX-License-Identifier: Apache-2.0
// Paces frames evenly.
#pragma once

#include <functional>

#include "mapferry/status.h"

namespace mapferry::cli {

class FrameClock {
  public:
    // 0: wait() returns at once.
    explicit FrameClock(double frames_per_second) : frames_per_second_(frames_per_second) {}

    // Waits until the next frame is due; the first frame is due at once. Meanwhile calls `check`
    // about ten times a second and ends with its error. After a late frame the next one is due at
    // once, but only one: missed frames are not made up for.
    [[nodiscard]] Result<void> wait(const std::function<Result<void>()>& check);

  private:
    double frames_per_second_;
    double due_s_ = 0;
    bool began_ = false;
};

}  // namespace mapferry::cli
