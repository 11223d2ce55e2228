// SPDX-License-Identifier: Apache-2.0
// What an event loop sees of a reader's notification_handle().
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

// A look, without waiting.
[[nodiscard]] inline bool is_readable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, 0);
    return first && *first;
}

// Whether it becomes readable before the watchdog bites.
[[nodiscard]] inline bool becomes_readable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, kWatchdogMs);
    return first && *first;
}

// Not readable, nor a few looks of its thread at who lives later.
[[nodiscard]] inline bool stays_unreadable(NativeHandle handle) {
    const auto first = platform::first_set_event({&handle, 1}, 350);
    return first && !*first;
}

}  // namespace mapferry::testing
