// SPDX-License-Identifier: Apache-2.0
// SIGBUS: an access to a mapped page that lies beyond the end of its file, for which there is no
// memory, or which its disk can't deliver.
#include <cerrno>
#include <csignal>

#include "platform/linux/fault_regions_linux.h"
#include "platform/mapping.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

// The handler of SIGBUS before ours. It is set before ours is installed.
struct sigaction previous_action{};

// Does what the system would have done without our handler.
void pass_to_old_handler(int signal, siginfo_t* facts, void* context) {
    if ((previous_action.sa_flags & SA_SIGINFO) != 0)
        return previous_action.sa_sigaction(signal, facts, context);
    if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN)
        return previous_action.sa_handler(signal);
    const bool sent = facts->si_code <= 0;  // by kill(), not by an access
    if (sent && previous_action.sa_handler == SIG_IGN) return;
    // The access is repeated, and ends the process as if there were no handler.
    std::signal(signal, SIG_DFL);
    if (sent) std::raise(signal);
}

void on_bus_error(int signal, siginfo_t* facts, void* context) {
    const int saved_errno = errno;
    const bool ours =
        facts->si_code > 0 && replace_region_at(reinterpret_cast<std::uintptr_t>(facts->si_addr));
    errno = saved_errno;
    if (!ours) pass_to_old_handler(signal, facts, context);
}

}  // namespace

Result<void> guard_faults() {
    static const int failed = [] {
        struct sigaction action{};
        action.sa_sigaction = on_bus_error;
        sigemptyset(&action.sa_mask);
        // SA_ONSTACK: in a fault that is not ours the stack may be what is damaged.
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        if (::sigaction(SIGBUS, nullptr, &previous_action) != 0) return errno;
        return ::sigaction(SIGBUS, &action, nullptr) != 0 ? errno : 0;
    }();
    if (failed != 0) return std::unexpected(native_status("cannot guard against SIGBUS", failed));
    return {};
}

}  // namespace mapferry::inline v1::platform
