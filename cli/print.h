// SPDX-License-Identifier: Apache-2.0
// What a program prints on standard output because it was asked for it: results, listings, JSON. A
// line that does not get there is a failure like any other.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

// Words for people, whole lines: names in them can't change a terminal. Waits where a pipe is full.
// kIo: not all of them got there; kInterrupted: a signal came that catch_signals() catches.
[[nodiscard]] Result<void> print(const std::string& lines);

// The same for one JSON object, on a line of its own. A pipe gets it in plain UTF-8; for a terminal
// it is harmless_json().
[[nodiscard]] Result<void> print_json(const nlohmann::json& object);

// The line that print_json() prints into a pipe. JSON is UTF-8: in a member that is not, U+FFFD
// stands for what can't be said, and all its bytes stand beside it, in Base64 (RFC 4648):
// "text_base64" of "text".
[[nodiscard]] std::string json_line(const nlohmann::json& object);

}  // namespace mapferry::cli
