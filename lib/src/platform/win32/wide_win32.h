// SPDX-License-Identifier: Apache-2.0
// mapferry uses UTF-8, and Windows uses UTF-16.
#pragma once

#include <string>
#include <string_view>

namespace mapferry::inline v1::platform {

// Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::wstring to_wide(std::string_view text);
[[nodiscard]] std::string to_utf8(std::wstring_view text);

// A path for the system's functions. Long ones become absolute and get the prefix \\?\, which lifts
// the limit of 260 characters.
[[nodiscard]] std::wstring wide_path(const std::string& path);

}  // namespace mapferry::inline v1::platform
