// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/held_signal_linux.h"

#include <cerrno>
#include <ctime>

namespace mapferry::inline v1::platform {

HeldSignal::HeldSignal(int signal) noexcept {
    struct sigaction action{};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) return;
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    // The program blocks this signal and one is pending: that one stays the program's.
    if (sigismember(&pending, signal) == 1) return;
    sigemptyset(&signal_);
    sigaddset(&signal_, signal);
    held_ = ::pthread_sigmask(SIG_BLOCK, &signal_, &before_) == 0;
}

HeldSignal::~HeldSignal() {
    if (!held_) return;
    const int why = errno;
    // Takes away the signal that came meanwhile.
    const timespec at_once{};
    while (::sigtimedwait(&signal_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = why;
}

}  // namespace mapferry::inline v1::platform
