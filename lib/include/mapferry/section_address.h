// SPDX-License-Identifier: Apache-2.0
/// \file
/// Where a section is, and what it may be called.
///
///     mapferry::Result<mapferry::SectionAddress> address_of(const std::string& words) {
///         mapferry::SectionAddress address = {.name = words};
///         if (words.find('/') != std::string::npos)
///             address = {.name = "", .backing_path = words};  // in a file instead of memory
///         auto sound = mapferry::check_address(address);
///         if (!sound) return mapferry::pass(sound.error());
///         return address;
///     }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Who can find a section by its name. Windows has a namespace for each login session and one for
/// the machine (`Global\`, which takes the privilege SeCreateGlobalPrivilege); everywhere the
/// section itself stays the user's own. Linux has one namespace, so both mean the same there.
enum class Reach : std::uint8_t { kSession, kMachine };

/// Where a section is. With an empty backing_path it is a POSIX shared-memory object (Windows: a
/// pagefile-backed section object) of that name; otherwise the regular file at backing_path
/// (UTF-8), and the name is only its label, which may be empty.
struct SectionAddress {
    std::string name = {};
    std::string backing_path = {};
    Reach reach = Reach::kSession;  ///< of a section in memory
};

/// `section "frame-7"` or `section file "/data/x.sect"`, for messages.
[[nodiscard]] std::string to_string(const SectionAddress& address);

/// kUsage: the section would be in memory, and its name is none; or its label is none.
[[nodiscard]] Result<void> check_address(const SectionAddress& address);

/// A section's name: 1 to 64 characters of A-Z a-z 0-9 . _ - that begins with a letter, a digit or
/// `_`. kUsage with the rule otherwise.
[[nodiscard]] Result<void> check_section_name(std::string_view name);

}  // namespace mapferry::inline v1
