// SPDX-License-Identifier: Apache-2.0
// Small objects that several calls hand out or use: stops and bytes.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "capi/c_call.h"

// Objects that use a stop share its flag, so that it may be freed before them.
struct mapferry_stop {
    std::shared_ptr<std::atomic<int>> flag;
};

struct mapferry_bytes {
    std::string content;
};

namespace mapferry::capi {

using StopFlag = std::shared_ptr<std::atomic<int>>;

// Null for NULL.
[[nodiscard]] inline StopFlag flag_of(const mapferry_stop* stop) {
    return stop != nullptr ? stop->flag : nullptr;
}

// Makes an object of the caller's. run() takes care of a lack of memory.
template <typename Object, typename... Parts>
void hand_out(Object** object, Parts&&... parts) {
    *object = new Object{std::forward<Parts>(parts)...};
}

// Hands bytes or a text out.
inline void give(std::string content, mapferry_bytes** bytes) {
    hand_out(bytes, std::move(content));
}

// Handles of event loops are numbers here: a descriptor, or the value of a HANDLE.
template <typename Handle>
[[nodiscard]] std::int64_t number_of(Handle handle) {
    if constexpr (std::is_pointer_v<Handle>)
        return static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(handle));
    else
        return handle;
}
template <typename Handle>
[[nodiscard]] Handle handle_of(std::int64_t number) {
    if constexpr (std::is_pointer_v<Handle>)
        return reinterpret_cast<Handle>(static_cast<std::intptr_t>(number));
    else
        return static_cast<Handle>(number);
}

}  // namespace mapferry::capi
