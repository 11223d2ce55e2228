// SPDX-License-Identifier: Apache-2.0
// Public calls on an object that is made of a section. A call fails after a move, and in a child
// made by fork(). Where the loss of the section's memory caused a failure, the status explains it
// so.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "base/exception_boundary.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// The result is made where the caller wants it, because moving one costs as much as a small call.
template <typename Object, typename Method, typename... Arguments>
[[nodiscard]] auto call_explained(Object& object, Method& method, Arguments&&... arguments)
    -> std::invoke_result_t<Method, Object&, Arguments...> {
    auto result = std::invoke(method, object, std::forward<Arguments>(arguments)...);
    if (!result)
        result = std::unexpected(explain(object.mapped_section(), std::move(result.error())));
    return result;
}

// `object` is null after a move. It has `mapped_section()`, which the call may change.
template <typename Object, typename Method, typename... Arguments>
[[nodiscard]] auto call(Object* object, Method method, Arguments&&... arguments)
    -> std::invoke_result_t<Method, Object&, Arguments...> {
    if (object == nullptr) return is_empty();
    return guarded([&]() -> std::invoke_result_t<Method, Object&, Arguments...> {
        if (object->mapped_section().inherited())
            return opened_before_fork(object->mapped_section());
        return call_explained(*object, method, std::forward<Arguments>(arguments)...);
    });
}

// A fact of an object, for which no section is needed: `get` of it. Zero, empty or false after a
// move.
template <typename Object, typename Get>
[[nodiscard]] auto ask(Object* object, Get get) {
    using Value = std::remove_cvref_t<std::invoke_result_t<Get, Object&>>;
    return object != nullptr ? Value(std::invoke(get, *object)) : Value();
}

}  // namespace mapferry::inline v1
