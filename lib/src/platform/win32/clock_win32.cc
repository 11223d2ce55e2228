// SPDX-License-Identifier: Apache-2.0
// Time, random numbers and identity.
#include <windows.h>
// After windows.h, which it needs.
#include <ntsecapi.h>

#include <algorithm>

#include "platform/clock.h"
#include "platform/handle.h"
#include "platform/win32/file_times_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t counter_frequency() {
    static const std::int64_t frequency = [] {
        LARGE_INTEGER value;
        ::QueryPerformanceFrequency(&value);
        return value.QuadPart;
    }();
    return frequency;
}

std::int64_t unix_ns_of(const FILETIME& time) {
    const auto ticks = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime);
    return (ticks - kUnixEpochTicks) * 100;
}

// A timer that does not depend on the system's tick of up to 15.6 ms, where the system has one.
HANDLE make_timer() {
    constexpr DWORD kHighResolution = 2;  // CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, Windows 10 1803
    const HANDLE timer =
        ::CreateWaitableTimerExW(nullptr, nullptr, kHighResolution, TIMER_ALL_ACCESS);
    if (timer != nullptr) return timer;
    return ::CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS);
}

}  // namespace

std::int64_t monotonic_ns() {
    LARGE_INTEGER now;
    ::QueryPerformanceCounter(&now);
    const std::int64_t frequency = counter_frequency();
    return now.QuadPart / frequency * kSecondNs + now.QuadPart % frequency * kSecondNs / frequency;
}

std::int64_t unix_ns() {
    FILETIME now;
    ::GetSystemTimePreciseAsFileTime(&now);
    return unix_ns_of(now);
}

std::int64_t coarse_unix_ns() {
    FILETIME now;
    ::GetSystemTimeAsFileTime(&now);
    return unix_ns_of(now);
}

void sleep_us(std::int64_t microseconds) {
    const HANDLE raw = make_timer();
    const Handle timer(raw == nullptr ? Handle::kNone : reinterpret_cast<std::intptr_t>(raw));
    LARGE_INTEGER due;
    due.QuadPart = -std::max<std::int64_t>(microseconds, 0) * 10;  // negative: from now
    if (raw == nullptr || ::SetWaitableTimer(raw, &due, 0, nullptr, nullptr, FALSE) == 0) {
        ::Sleep(static_cast<DWORD>(std::max<std::int64_t>(microseconds / 1000, 1)));
        return;
    }
    ::WaitForSingleObject(raw, INFINITE);
}

std::uint64_t random_u64() {
    std::uint64_t value = 0;
    if (::RtlGenRandom(&value, sizeof value) == 0)
        value = static_cast<std::uint64_t>(monotonic_ns()) * 0x9E3779B97F4A7C15u ^ process_id();
    return value == 0 ? 1 : value;
}

std::uint32_t process_id() {
    return ::GetCurrentProcessId();
}

std::uint32_t fork_count() {
    return 0;
}

}  // namespace mapferry::inline v1::platform
