// SPDX-License-Identifier: Apache-2.0
/// \file
/// Checks a file name that came from another process, before a file here gets it.
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

/// The system whose rules a file name has to follow.
enum class FileNameRules : std::uint8_t { kLinux, kWindows };

/// The rules of the system that this program runs on.
[[nodiscard]] FileNameRules file_name_rules();

/// Returns the sender's name if a file in a folder of the reader's choice may have it. Otherwise
/// kCannotCreate with the reason. Both sets of rules refuse an empty name, more than 255 bytes,
/// `.`, `..` and `/`. They also refuse control characters, line and paragraph separators, marks of
/// direction and invalid UTF-8: a terminal could obey these or show them as something else.
/// Windows' rules also refuse backslash, colon, angle brackets, quotation mark, bar, question mark
/// and asterisk, a leading dot or dash or space, a trailing dot or space, and the devices CON PRN
/// AUX NUL COM0-9 LPT0-9 CONIN$ CONOUT$ with or without an extension (Microsoft, "Naming Files,
/// Paths, and Namespaces").
[[nodiscard]] Result<std::string> filter_file_name(std::string_view sender_name,
                                                   FileNameRules rules = file_name_rules());

/// Returns a name that filter_file_name() accepts. The sender's name stays as it is if it is
/// accepted; otherwise underscores replace the refused parts.
[[nodiscard]] std::string harmless_file_name(std::string_view sender_name,
                                             FileNameRules rules = file_name_rules());

/// Returns "photo-2.bmp" for "photo.bmp" and 2, at most 255 bytes. REQUIRES: filter_file_name()
/// accepts `name`.
[[nodiscard]] std::string numbered_file_name(std::string_view name, std::uint64_t number);

}  // namespace mapferry::inline v1
