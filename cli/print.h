// SPDX-License-Identifier: Apache-2.0
// Prints requested output on standard output: results, listings, JSON. A line that can't be printed
// is a failure like any other.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "json/json_value.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// Prints whole lines for people. Names in them can't change a terminal. Waits while a pipe is full.
// kIo: the output is incomplete. kInterrupted: a signal of catch_signals() arrived.
[[nodiscard]] Result<void> print(const std::string& lines);

// Prints one JSON object on a line of its own: for a pipe in plain UTF-8, for a terminal as
// harmless_json(). Errors as print().
[[nodiscard]] Result<void> print_json(const nlohmann::json& object);

// The line that print_json() prints into a pipe. JSON is UTF-8. In a member that is not, U+FFFD
// replaces the invalid bytes, and a second member has all bytes in Base64 (RFC 4648): "text_base64"
// for "text".
[[nodiscard]] std::string json_line(const nlohmann::json& object);

using json::base64;

}  // namespace mapferry::cli
