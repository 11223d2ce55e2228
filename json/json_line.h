// SPDX-License-Identifier: Apache-2.0
// A JSON object as a line of text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace mapferry::json {

// The object on a line of its own. JSON is UTF-8. In a member that is not, U+FFFD replaces the
// invalid bytes, and a second member has all bytes in Base64 (RFC 4648): "text_base64" for "text".
[[nodiscard]] std::string json_line(const nlohmann::json& object);

// The Base64 of RFC 4648, 4.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace mapferry::json
