// SPDX-License-Identifier: Apache-2.0
// The messages of the stream that a page reads: numbers and names as JSON, and bytes behind them.
//
//     4 bytes   length of the JSON, little-endian
//     4 bytes   length of the bytes, little-endian
//     JSON      an object with the member "kind"
//     bytes
#pragma once

#include <string>
#include <string_view>

#include "json/json_value.h"

namespace mapferry::cli {

[[nodiscard]] std::string page_message(const json::Value& object, std::string_view bytes = {});

}  // namespace mapferry::cli
