// SPDX-License-Identifier: Apache-2.0
// Sleeping and waking across processes: the futex of the bell's own word, not the process-private
// kind, so that it works between all who map the same file.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

#include "base/wait_time.h"
#include "format/layout.h"
#include "platform/wake.h"

namespace mapferry::inline v1::platform {

std::uint32_t native_wake() {
    return layout::kWakeFutex;
}

void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    const std::int64_t wait_ms = bounded_ms(timeout_ms);
    const timespec timeout{.tv_sec = static_cast<time_t>(wait_ms / 1000),
                           .tv_nsec = static_cast<long>(wait_ms % 1000 * 1'000'000)};
    // Every way it can end (rung, changed, timeout, signal) means the same: look again.
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

void nap_on(std::uint32_t& word, std::uint32_t seen) {
    // Longer than a wake costs the one who rings, which is 30 us (bench wake).
    constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 100'000};
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, &kNap, nullptr, 0);
}

void ring(std::uint32_t& word, std::uint32_t) {
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void spin_pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

}  // namespace mapferry::inline v1::platform
