// SPDX-License-Identifier: Apache-2.0
// A thread that makes something faster, but is not needed for it.
#pragma once

#include <exception>
#include <thread>
#include <utility>

#include "platform/fork_mark.h"

namespace mapferry::inline v1::platform {

// Runs `run` on a thread. The result is not joinable if there is no thread, or no memory for one.
template <typename Run>
[[nodiscard]] std::thread spare_thread(Run run) noexcept {
    try {
        return std::thread(std::move(run));
    } catch (const std::exception&) {
        return {};
    }
}

// Deletes an object that has threads and locks of its own. A child of fork() leaves its copy as it
// is: the threads do not exist there, and the locks may be held for ever.
struct LeaveInChild {
    ForkMark mark = {};
    template <typename T>
    void operator()(T* object) const {
        if (!mark.inherited()) delete object;
    }
};

}  // namespace mapferry::inline v1::platform
