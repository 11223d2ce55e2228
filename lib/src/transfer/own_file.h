// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <type_traits>

#include "base/exception_boundary.h"

namespace mapferry::inline v1 {

// The result of `work`, which uses the file of `what`, "the source" or "the output", where it has
// one. kUsage in a child made by fork(): there the file belongs to the parent.
template <typename File, typename Work>
std::invoke_result_t<Work> use_own(const std::unique_ptr<File>& file, const char* what,
                                   const Work& work) {
    return guarded([&]() -> std::invoke_result_t<Work> {
        if (file && file->inherited()) return opened_before_fork(what);
        return work();
    });
}

}  // namespace mapferry::inline v1
