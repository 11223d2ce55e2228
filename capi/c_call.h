// SPDX-License-Identifier: Apache-2.0
// The boundary of the C interface: each call does its work in run(), which turns results into
// codes, keeps the text of a failure for the thread, and lets no exception out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "mapferry/detail/failure.h"
#include "mapferry/mapferry.h"
#include "mapferry/status.h"
#include "mapferry/timeout.h"

namespace mapferry::capi {

using detail::fail;

// Keeps the failure as the last one of this thread and returns its code. Needs no memory.
int32_t failed(const Status& status) noexcept;

// The same for want of memory, and for an exception that no call should throw.
int32_t failed_without_memory() noexcept;
int32_t failed_by_exception() noexcept;

// What a call that did not fail returns: MAPFERRY_OK, or the number of its result.
inline int32_t code_of(const Result<void>&) {
    return MAPFERRY_OK;
}
inline int32_t code_of(const Result<std::int32_t>& result) {
    return *result;
}

// Calls `work`, which returns Result<void>, or Result<int32_t> where a call has more than one way
// to succeed.
template <typename Work>
std::int32_t run(Work&& work) noexcept try {
    const auto result = std::invoke(std::forward<Work>(work));
    return result ? code_of(result) : failed(result.error());
} catch (const std::bad_alloc&) {
    return failed_without_memory();
} catch (...) {
    return failed_by_exception();
}

[[nodiscard]] std::unexpected<Status> is_null(const char* what);

// The same for a call that needs the object `handle`.
template <typename Handle, typename Work>
std::int32_t run_on(Handle* handle, Work&& work) noexcept {
    return run([&]() -> std::invoke_result_t<Work, Handle&> {
        if (handle == nullptr) return is_null("the handle");
        return std::invoke(std::forward<Work>(work), *handle);
    });
}

// The same for a call that hands something out: `out` is empty after a failure.
template <typename Out, typename Work>
std::int32_t run_into(Out* out, Work&& work) noexcept {
    if (out != nullptr) *out = Out();
    return run([&]() -> std::invoke_result_t<Work> {
        if (out == nullptr) return is_null("the place for the result");
        return std::invoke(std::forward<Work>(work));
    });
}

// The same for both.
template <typename Handle, typename Out, typename Work>
std::int32_t run_on_into(Handle* handle, Out* out, Work&& work) noexcept {
    return run_into(out, [&]() -> std::invoke_result_t<Work, Handle&> {
        if (handle == nullptr) return is_null("the handle");
        return std::invoke(std::forward<Work>(work), *handle);
    });
}

// A value or text for which nothing can fail but memory. `otherwise`: for NULL, and without memory.
template <typename Handle, typename Value, typename Get>
Value ask(Handle* handle, Value otherwise, Get&& get) noexcept try {
    return handle != nullptr ? Value(std::invoke(std::forward<Get>(get), *handle)) : otherwise;
} catch (...) {
    return otherwise;
}

// What the calls get.
[[nodiscard]] inline Timeout timeout_of(std::int32_t timeout_ms) {
    if (timeout_ms == MAPFERRY_FOREVER) return kForever;
    return std::chrono::milliseconds(timeout_ms < 0 ? 0 : timeout_ms);
}
[[nodiscard]] inline Result<std::span<const std::byte>> bytes_of(const void* data,
                                                                 std::size_t size) {
    if (data == nullptr && size != 0) return is_null("the data");
    return std::span(static_cast<const std::byte*>(data), size);
}
[[nodiscard]] inline Result<std::span<std::byte>> place_of(void* data, std::size_t size) {
    if (data == nullptr && size != 0) return is_null("the target");
    return std::span(static_cast<std::byte*>(data), size);
}
[[nodiscard]] Result<std::string> text_of(const char* text, const char* what);
[[nodiscard]] Result<Code> cause_of(std::int32_t code);
[[nodiscard]] Result<std::uint32_t> count_of(std::int32_t count);

}  // namespace mapferry::capi
