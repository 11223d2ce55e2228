// SPDX-License-Identifier: Apache-2.0
#include "mapferry/wait_any.h"

#include <vector>

#include "base/exception_boundary.h"
#include "base/fail.h"
#include "base/try.h"
#include "base/wait_time.h"
#include "platform/event.h"

namespace mapferry::inline v1 {

namespace {

Result<std::size_t> wait_for_first(std::span<const Waitable> readers, Timeout timeout) {
    if (readers.empty()) return fail(Code::kUsage, "there are no readers to wait for");
    std::vector<NativeHandle> events;
    for (const Waitable& reader : readers) {
        TRY_ASSIGN(const NativeHandle event, reader.handle());
        events.push_back(event);
    }
    std::optional<std::int64_t> timeout_ms;
    if (timeout) timeout_ms = to_ms(timeout);
    TRY_ASSIGN(const auto first, platform::first_set_event(events, timeout_ms));
    if (first) return *first;
    return fail(Code::kTimedOut, "none of the readers had news within " +
                                     std::to_string(timeout_ms.value_or(0)) + " ms");
}

}  // namespace

Result<std::size_t> wait_any(std::span<const Waitable> readers, Timeout timeout) {
    return guarded([&] { return wait_for_first(readers, timeout); });
}

}  // namespace mapferry::inline v1
