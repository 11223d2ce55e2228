// SPDX-License-Identifier: Apache-2.0
// Events for event loops: nameless event objects that are reset by hand.
#include "platform/event.h"

#include <windows.h>

#include <algorithm>

#include "base/fail.h"
#include "base/wait_time.h"
#include "platform/clock.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"

namespace mapferry::inline v1::platform {

namespace {

// Shorter than INFINITE.
constexpr std::int64_t kLongestWaitMs = 3'600'000;

std::int64_t now_ms() {
    return monotonic_ns() / 1'000'000;
}

}  // namespace

Result<Handle> make_event() {
    Handle event = own(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!event.valid()) return std::unexpected(native_status("cannot make an event"));
    return event;
}

NativeHandle native_handle(const Handle& event) {
    return raw(event);
}

void set_event(NativeHandle event) {
    ::SetEvent(event);
}

void clear_event(NativeHandle event) {
    ::ResetEvent(event);
}

Result<std::optional<std::size_t>> first_set_event(std::span<const NativeHandle> events,
                                                   std::optional<std::int64_t> timeout_ms) {
    if (events.size() > MAXIMUM_WAIT_OBJECTS)
        return fail(Code::kUsage, "the system waits for at most " +
                                      std::to_string(MAXIMUM_WAIT_OBJECTS) + " readers at once");
    const auto count = static_cast<DWORD>(events.size());
    const std::int64_t until_ms = now_ms() + bounded_ms(timeout_ms.value_or(kLongestMs));
    while (true) {
        const std::int64_t left_ms =
            std::clamp<std::int64_t>(until_ms - now_ms(), 0, kLongestWaitMs);
        const DWORD first =
            ::WaitForMultipleObjects(count, events.data(), FALSE, static_cast<DWORD>(left_ms));
        if (first < WAIT_OBJECT_0 + count) return first - WAIT_OBJECT_0;
        if (first == WAIT_FAILED && ::GetLastError() == ERROR_INVALID_HANDLE)
            return fail(Code::kUsage, "one of the readers is closed");
        if (first != WAIT_TIMEOUT) return std::unexpected(native_status("cannot wait for events"));
        if (now_ms() >= until_ms) return std::nullopt;
    }
}

}  // namespace mapferry::inline v1::platform
