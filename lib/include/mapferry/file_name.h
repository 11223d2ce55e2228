// SPDX-License-Identifier: Apache-2.0
/// \file
/// A file name that came from another process, before it may become a file here.
///
///     mapferry::Result<std::string> path_in(const std::string& folder,
///                                           const mapferry::PayloadInfo& payload) {
///         auto name = mapferry::filter_file_name(payload.name);
///         if (!name) return name;  // it was "../.profile", or empty
///         return folder + '/' + *name;
///     }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Which system's rules a file name has to keep.
enum class FileNameRules : std::uint8_t { kLinux, kWindows };

/// Those of the system that this program runs on.
[[nodiscard]] FileNameRules file_name_rules();

/// The sender's name, if it may become a file in a folder of the reader's choice; else
/// kCannotCreate with the reason. Refused by both rules: empty, over 255 bytes, `.`, `..`, `/`,
/// control characters, line and paragraph separators, marks of direction and invalid UTF-8, which a
/// terminal could obey or show as something else. Windows' rules also refuse backslash, colon,
/// angle brackets, quotation mark, bar, question mark and asterisk, a leading dot or dash or space,
/// a trailing dot or space, and the devices CON PRN AUX NUL COM0-9 LPT0-9 CONIN$ CONOUT$ with or
/// without an extension (Microsoft, "Naming Files, Paths, and Namespaces").
[[nodiscard]] Result<std::string> filter_file_name(std::string_view sender_name,
                                                   FileNameRules rules = file_name_rules());

/// A name that filter_file_name() takes, as near to the sender's as may be: itself where it is
/// taken, otherwise with an underscore in the place of what is refused.
[[nodiscard]] std::string harmless_file_name(std::string_view sender_name,
                                             FileNameRules rules = file_name_rules());

/// "photo-2.bmp" of "photo.bmp" and 2, and still at most 255 bytes. REQUIRES: `name` is one that
/// filter_file_name() takes.
[[nodiscard]] std::string numbered_file_name(std::string_view name, std::uint64_t number);

}  // namespace mapferry::inline v1
