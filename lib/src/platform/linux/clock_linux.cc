// SPDX-License-Identifier: Apache-2.0
// Time, random numbers and identity.
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "platform/clock.h"

namespace mapferry::inline v1::platform {

namespace {

std::int64_t read_clock_ns(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

std::int64_t monotonic_ns() {
    return read_clock_ns(CLOCK_MONOTONIC);
}

std::int64_t unix_ns() {
    return read_clock_ns(CLOCK_REALTIME);
}

std::int64_t coarse_unix_ns() {
    return read_clock_ns(CLOCK_REALTIME_COARSE);
}

void sleep_us(std::int64_t microseconds) {
    const timespec time{.tv_sec = microseconds / 1'000'000,
                        .tv_nsec = static_cast<long>(microseconds % 1'000'000 * 1000)};
    ::nanosleep(&time, nullptr);
}

std::uint64_t random_u64() {
    std::uint64_t value = 0;
    // Eight bytes never come in pieces. If the call is refused (a filter, an old kernel), the clock
    // and the process id stand in.
    if (::getrandom(&value, sizeof value, 0) != static_cast<ssize_t>(sizeof value))
        value = static_cast<std::uint64_t>(monotonic_ns()) * 0x9E3779B97F4A7C15u ^ process_id();
    return value == 0 ? 1 : value;
}

std::uint32_t process_id() {
    return static_cast<std::uint32_t>(::getpid());
}

}  // namespace mapferry::inline v1::platform
