// SPDX-License-Identifier: Apache-2.0
// The boundary of the library, across which nothing is thrown. The library's own code can throw one
// thing, std::bad_alloc, and that anywhere. Each public function that returns a Result therefore
// does its work inside guarded(). What was held when memory ran out is given back by its owner on
// the way there. tests/sweep lets every allocation fail; tests/structure finds a public function
// that goes around guarded().
#pragma once

#include <functional>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

// kOutOfMemory. Its text is short enough to need no memory.
[[nodiscard]] inline std::unexpected<Status> out_of_memory() {
    return fail(Code::kOutOfMemory, "out of memory");
}

// Calls `work`. What a callback of the caller's throws is the caller's, and passes through.
template <typename Work, typename... Arguments>
[[nodiscard]] std::invoke_result_t<Work, Arguments...> guarded(Work&& work,
                                                               Arguments&&... arguments) try {
    return std::invoke(std::forward<Work>(work), std::forward<Arguments>(arguments)...);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

// An object that this process has from its parent: see "fork" in writer.h.
[[nodiscard]] inline std::unexpected<Status> opened_before_fork(const std::string& what) {
    return fail(Code::kUsage, what + " was opened before a fork()", "open it anew in the child");
}

// An object that has given its content away.
[[nodiscard]] inline std::unexpected<Status> is_empty() {
    return fail(Code::kUsage, "the object is empty: it was moved from or released");
}

// A failed check, as whose fault it is here: the caller's (kUsage) or the section's (kCorrupt).
// That the machine had no memory to check is nobody's.
[[nodiscard]] inline std::unexpected<Status> blame(Code code, const Status& status,
                                                   const char* what = "") {
    if (status.code == Code::kOutOfMemory) return pass(status);
    return fail(code, what + status.message);
}

}  // namespace mapferry::inline v1
