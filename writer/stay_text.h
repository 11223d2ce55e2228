// SPDX-License-Identifier: Apache-2.0
// What is printed of a process that stays, because its section would end with it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mapferry/section.h"
#include "mapferry/timeout.h"

namespace mapferry::cli {

[[nodiscard]] nlohmann::json staying_event(const Timeout& timeout);

// Between "staying" and "until": " for 30 s, or ".
[[nodiscard]] std::string words_before_until(const Timeout& timeout);

[[nodiscard]] std::string words_of(LingerEnd end);

}  // namespace mapferry::cli
