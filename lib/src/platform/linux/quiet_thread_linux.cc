// SPDX-License-Identifier: Apache-2.0
#include "platform/quiet_thread.h"

#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

// While it lives, threads that this thread starts begin with blocked signals.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        // Not those of a thread's own faults: a fault whose signal is blocked ends the process.
        constexpr std::array kOfFaults{SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
        sigset_t all;
        sigfillset(&all);
        for (const int signal : kOfFaults)
            sigdelset(&all, signal);
        ::pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_{};
};

}  // namespace

Result<std::thread> quiet_thread(std::function<void()> run) {
    const SignalsBlocked blocked;
    try {
        return std::thread(std::move(run));
    } catch (const std::system_error& error) {
        return std::unexpected(native_status("cannot start a thread", error.code().value()));
    }
}

}  // namespace mapferry::inline v1::platform
