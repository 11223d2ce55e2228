// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): events that event loops can wait for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "mapferry/platform/native_handle.h"
#include "mapferry/status.h"
#include "platform/handle.h"

namespace mapferry::inline v1::platform {

// Makes an event that is not set. Only the functions below change it. Linux: an eventfd, which is
// readable while the event is set; Windows: an event object that is reset by hand.
[[nodiscard]] Result<Handle> make_event();
// The event in the form that the system's own calls take.
[[nodiscard]] NativeHandle native_handle(const Handle& event);

// Any thread.
void set_event(NativeHandle event);
void clear_event(NativeHandle event);

// Waits until one of the events is set and returns the index of the first one that is. Empty:
// timeout_ms (none: no limit) have passed. kUsage: there are more than the system can wait for
// (Windows: 64), or one is closed.
[[nodiscard]] Result<std::optional<std::size_t>> first_set_event(
    std::span<const NativeHandle> events, std::optional<std::int64_t> timeout_ms);

}  // namespace mapferry::inline v1::platform
