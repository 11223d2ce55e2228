// SPDX-License-Identifier: Apache-2.0
// UTF-8 is what mapferry speaks, UTF-16 what Windows hears.
#pragma once

#include <string>
#include <string_view>

namespace mapferry::inline v1::platform {

// What is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::wstring to_wide(std::string_view text);
[[nodiscard]] std::string to_utf8(std::wstring_view text);

// A path for the system's functions. Long ones become absolute and get the prefix \\?\, which lifts
// the limit of 260 characters.
[[nodiscard]] std::wstring wide_path(const std::string& path);

}  // namespace mapferry::inline v1::platform
