// SPDX-License-Identifier: Apache-2.0
/// \file
/// Makes text of unknown origin safe for a terminal or a log.
///
///     std::string log_line(const mapferry::PayloadInfo& payload) {
///         // Another process chose the name: "\x1b[2J" must not clear the screen.
///         return "got " + mapferry::in_quotes(payload.name);
///     }
#pragma once

#include <string>
#include <string_view>

namespace mapferry::inline v1 {

/// For terminals and logs. Control characters, DEL, C1 controls, marks of direction, invisible
/// characters, backslash and invalid UTF-8 bytes become `\n`, `\x1b`, `\u202e`, `\U000e0041`;
/// everything else stays readable.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

/// The same in quotation marks. Messages use it for paths and for words of the user.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// For lines in which names are escaped already. Line ends and backslashes stay; everything else is
/// escaped as by escape_for_terminal(). A second call changes nothing.
[[nodiscard]] std::string harmless_lines(std::string_view text);

/// For JSON in valid UTF-8. Returns the same JSON, with `\u` escapes for everything that a terminal
/// could obey.
[[nodiscard]] std::string harmless_json(std::string_view json);

}  // namespace mapferry::inline v1
