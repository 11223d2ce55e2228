// A name that came from another process, before it may become a file here, and before it may
// reach a terminal.
#pragma once

#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry {

// The sender's name, if it is harmless as a file name in a folder of the reader's choice on both
// operating systems; else kCorrupt with the reason. Refused: empty, over 255 bytes, `/` `\` `:`,
// control characters, line and paragraph separators, invalid UTF-8, a leading dot or dash or space,
// a trailing dot or space, the characters `<>"|?*`, marks of direction, and the devices CON PRN AUX
// NUL COM0-9 LPT0-9 CONIN$ CONOUT$ with or without an extension.
[[nodiscard]] Result<std::string> filter_file_name(std::string_view sender_name);

// For terminals and logs: control characters, DEL, C1 controls, marks of direction, characters that
// nobody sees, backslash and invalid UTF-8 bytes become \n, \x1b, \u202e, \U000e0041 ...;
// everything else stays readable.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

// The same in quotation marks: how a message names a path or a word of somebody's.
[[nodiscard]] std::string in_quotes(std::string_view text);

// For lines in which names are escaped already: line ends and backslashes stay, all else becomes as
// with escape_for_terminal(). A second time changes nothing.
[[nodiscard]] std::string harmless_lines(std::string_view text);

// For JSON in valid UTF-8: the same JSON, with \u escapes for all that a terminal could obey.
[[nodiscard]] std::string harmless_json(std::string_view json);

// A section's name: 1 to 64 characters of A-Z a-z 0-9 . _ - that begins with a letter, a digit or
// `_`. kUsage with the rule otherwise.
[[nodiscard]] Result<void> check_section_name(std::string_view name);

}  // namespace mapferry
