// SPDX-License-Identifier: Apache-2.0
// Reads a reader's notification_handle() as an event loop does.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "mapferry/wait_any.h"
#include "platform/event.h"
#include "support/child_process.h"

namespace mapferry::testing {

template <typename T>
[[nodiscard]] T value_of(Result<T> result) {
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

template <typename AnyReader>
[[nodiscard]] NativeHandle handle_of(AnyReader& reader) {
    return value_of(reader.notification_handle());
}

// Looks without waiting.
[[nodiscard]] inline bool is_readable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, 0);
    return first && *first;
}

// Whether the handle becomes readable before the watchdog bites.
[[nodiscard]] inline bool becomes_readable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, kWatchdogMs);
    return first && *first;
}

// Not readable now, and still not after the reader's thread has checked a few times that its peers
// live.
[[nodiscard]] inline bool stays_unreadable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, 350);
    return first && !*first;
}

}  // namespace mapferry::testing
