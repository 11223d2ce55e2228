// SPDX-License-Identifier: Apache-2.0
// Events for event loops: eventfd counters that are 0 or 1.
#include "platform/event.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/fail.h"
#include "base/wait_time.h"
#include "platform/clock.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

// poll() takes an int, so longer waits are split.
constexpr std::int64_t kLongestPollMs = 3'600'000;

std::int64_t now_ms() {
    return monotonic_ns() / 1'000'000;
}

std::optional<std::size_t> first_readable(const std::vector<pollfd>& events) {
    const auto found = std::ranges::find_if(events, [](const pollfd& one) {  //
        return one.revents != 0;
    });
    if (found == events.end()) return std::nullopt;
    return static_cast<std::size_t>(found - events.begin());
}

}  // namespace

Result<Handle> make_event() {
    Handle event = open_event();
    if (!event.valid()) return std::unexpected(native_status("cannot make an event"));
    return event;
}

NativeHandle native_handle(const Handle& event) {
    return static_cast<int>(event.get());
}

void set_event(NativeHandle event) {
    const std::uint64_t one = 1;
    // It fails only when the counter is full.
    [[maybe_unused]] const ssize_t put = ::write(event, &one, sizeof one);
}

void clear_event(NativeHandle event) {
    std::uint64_t count = 0;
    // It fails only when the counter is 0.
    [[maybe_unused]] const ssize_t got = ::read(event, &count, sizeof count);
}

Result<std::optional<std::size_t>> first_set_event(std::span<const NativeHandle> events,
                                                   std::optional<std::int64_t> timeout_ms) {
    std::vector<pollfd> polled;
    for (const NativeHandle event : events)
        polled.push_back({.fd = event, .events = POLLIN, .revents = 0});
    const std::int64_t until_ms = now_ms() + bounded_ms(timeout_ms.value_or(kLongestMs));
    while (true) {
        const std::int64_t left_ms =
            std::clamp<std::int64_t>(until_ms - now_ms(), 0, kLongestPollMs);
        const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(left_ms));
        if (ready < 0 && errno != EINTR)
            return std::unexpected(native_status("cannot wait for events"));
        if (ready > 0) break;
        if (now_ms() >= until_ms) return std::nullopt;
    }
    const auto first = first_readable(polled);
    if (first && (polled[*first].revents & POLLNVAL) != 0)
        return fail(Code::kUsage, "one of the readers is closed");
    return first;
}

}  // namespace mapferry::inline v1::platform
