// SPDX-License-Identifier: Apache-2.0
// What the answers of an S3 store mean for a bridge.
#pragma once

#include <string>
#include <string_view>

#include "bridge/s3/s3_transfer.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// What HTTP calls the answers that a bridge tells apart.
inline constexpr long kHttpNotFound = 404;
inline constexpr long kHttpConflict = 409;
inline constexpr long kHttpPreconditionFailed = 412;
inline constexpr long kHttpNotImplemented = 501;

// The store's own word for a failure: "NoSuchKey". Empty: it gave none, as with HEAD.
[[nodiscard]] std::string s3_error_code(const S3Answer& answer);
// Whether the same request may succeed later: no connection, or a store that is busy or broken.
[[nodiscard]] bool is_s3_trouble(const S3Answer& answer);
// Why, in a few words.
[[nodiscard]] std::string s3_trouble_text(const S3Answer& answer);

// The failure as an error. `what` is what could not be done: "store \"x\"".
[[nodiscard]] Status s3_failure(const S3Answer& answer, const std::string& what,
                                const std::string& server);

}  // namespace mapferry::cli
