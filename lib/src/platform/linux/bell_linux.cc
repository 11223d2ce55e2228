// SPDX-License-Identifier: Apache-2.0
// Sleeping and waking across processes by the futex of the bell's own word. It is not the
// process-private kind, so it works between all processes that map the same file.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <limits>

#include "base/wait_time.h"
#include "format/layout.h"
#include "platform/wake.h"

namespace mapferry::inline v1::platform {

namespace {

// What SYS_futex reads. On 32 bits the C library's timespec may be wider: the call would take its
// upper half, 0, for the time, and every sleep would end at once.
struct FutexTimeout {
    long seconds;
    long nanoseconds;
};

}  // namespace

std::uint32_t native_wake() {
    return layout::kWakeFutex;
}

void sleep_on(std::uint32_t& word, std::uint32_t seen, std::int64_t timeout_ms) {
    const std::int64_t wait_ms = bounded_ms(timeout_ms);
    constexpr std::int64_t kMostSeconds = std::numeric_limits<long>::max();
    const FutexTimeout timeout{.seconds = static_cast<long>(std::min(wait_ms / 1000, kMostSeconds)),
                               .nanoseconds = static_cast<long>(wait_ms % 1000 * 1'000'000)};
    // However the call ends (rung, changed, timeout, signal), the caller looks again.
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

void nap_on(std::uint32_t& word, std::uint32_t seen) {
    // Longer than a wake costs the ringer, which is 30 us (bench wake).
    constexpr FutexTimeout kNap{.seconds = 0, .nanoseconds = 100'000};
    ::syscall(SYS_futex, &word, FUTEX_WAIT, seen, &kNap, nullptr, 0);
}

void ring(std::uint32_t& word, std::uint32_t) {
    ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void spin_pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    // Most Arm cores execute `yield` as if it were nothing. `isb` waits until the pipeline is
    // empty, which takes about as long as x86's `pause`.
    asm volatile("isb");
#endif
}

}  // namespace mapferry::inline v1::platform
