// SPDX-License-Identifier: Apache-2.0
#include "writer/frame_clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/progress.h"

namespace mapferry::cli {

namespace {

constexpr double kLookS = 0.1;

}  // namespace

Result<void> FrameClock::wait(const std::function<Result<void>()>& check) {
    if (frames_per_second_ <= 0) return {};
    const double period_s = 1 / frames_per_second_;
    const double now_s = clock_s();
    due_s_ = began_ ? std::max(due_s_ + period_s, now_s - period_s) : now_s;
    began_ = true;
    for (double left_s = due_s_ - clock_s(); left_s > 0; left_s = due_s_ - clock_s()) {
        if (auto wanted = check(); !wanted) return wanted;
        std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left_s, kLookS)));
    }
    return {};
}

}  // namespace mapferry::cli
