// SPDX-License-Identifier: Apache-2.0
/// \file
/// For this library and the programs of this project; no promise
/// (docs/decisions/0044-what-is-public.md).
///
/// Makes the error side of a Result, in one call.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "mapferry/status.h"

namespace mapferry::inline v1::detail {

[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message,
                                                  std::string hint = {}) {
    return std::unexpected(Status{code, std::move(message), std::move(hint), 0});
}
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message, Remedy remedy) {
    return std::unexpected(Status{code, std::move(message), {}, 0, remedy});
}
/// With both `hint` and `remedy`: each of them alone is enough.
[[nodiscard]] inline std::unexpected<Status> fail(Code code, std::string message, std::string hint,
                                                  Remedy remedy) {
    return std::unexpected(Status{code, std::move(message), std::move(hint), 0, remedy});
}

}  // namespace mapferry::inline v1::detail
