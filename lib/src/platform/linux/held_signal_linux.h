// SPDX-License-Identifier: Apache-2.0
// Signals that the kernel sends a thread because of its own call, beside the call's error.
#pragma once

#include <csignal>

namespace mapferry::inline v1::platform {

// While this object lives, `signal` does not reach this thread: SIGXFSZ of a call that would make a
// file longer than RLIMIT_FSIZE allows, SIGPIPE of a write that has no reader any more. Both end
// most programs, and the library returns an error instead. A signal that came is taken away at the
// end; the program's own handler and mask are as before. Where the program ignores the signal
// nothing is done.
class HeldSignal {
  public:
    explicit HeldSignal(int signal) noexcept;
    ~HeldSignal();
    HeldSignal(const HeldSignal&) = delete;
    HeldSignal& operator=(const HeldSignal&) = delete;

  private:
    bool held_ = false;
    sigset_t signal_{};
    sigset_t before_{};
};

}  // namespace mapferry::inline v1::platform
