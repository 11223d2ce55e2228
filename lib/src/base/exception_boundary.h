// SPDX-License-Identifier: Apache-2.0
// The boundary of the library, across which nothing is thrown. The library's own code can throw
// only std::bad_alloc, but anywhere. So each public function that returns a Result does its work
// inside guarded(). Objects that are held when memory runs out are released by their owners on the
// way there. tests/sweep lets every allocation fail; tests/structure finds a public function that
// goes around guarded().
#pragma once

#include <functional>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "base/fail.h"
#include "mapferry/status.h"

namespace mapferry::inline v1 {

// kOutOfMemory. The text is so short that it needs no memory.
[[nodiscard]] inline std::unexpected<Status> out_of_memory() {
    return fail(Code::kOutOfMemory, "out of memory");
}

// Calls `work`. An exception of a caller's own callback passes through, because it is the caller's.
template <typename Work, typename... Arguments>
[[nodiscard]] std::invoke_result_t<Work, Arguments...> guarded(Work&& work,
                                                               Arguments&&... arguments) try {
    return std::invoke(std::forward<Work>(work), std::forward<Arguments>(arguments)...);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

// An object that this process got by fork(): see "fork" in writer.h.
[[nodiscard]] inline std::unexpected<Status> opened_before_fork(const std::string& what) {
    return fail(Code::kUsage, what + " was opened before a fork()", "open it anew in the child");
}

// An object whose content was moved away.
[[nodiscard]] inline std::unexpected<Status> is_empty() {
    return fail(Code::kUsage, "the object is empty: it was moved from or released");
}

// Reports a failed check as the fault of the caller (kUsage) or of the section (kCorrupt). A check
// that had no memory is nobody's fault.
[[nodiscard]] inline std::unexpected<Status> blame(Code code, const Status& status,
                                                   const char* what = "") {
    if (status.code == Code::kOutOfMemory) return std::unexpected(status);
    return fail(code, what + status.message);
}

}  // namespace mapferry::inline v1
