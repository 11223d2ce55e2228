// SPDX-License-Identifier: Apache-2.0
/// \file
/// The address of a section, the rules for its name, and the users who may use it.
///
///     mapferry::Result<mapferry::SectionAddress> address_of(const std::string& words) {
///         mapferry::SectionAddress address = {.name = words};
///         if (words.find('/') != std::string::npos)
///             address = {.name = "", .backing_path = words};  // in a file instead of memory
///         auto sound = mapferry::check_address(address);
///         if (!sound) return std::unexpected(sound.error());
///         return address;
///     }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

/// Which processes can find a section by its name. Windows has one namespace for each login session
/// and one for the machine (`Global\`, which requires the privilege SeCreateGlobalPrivilege). Linux
/// has one namespace, so both values mean the same there. In every case only the user who created
/// the section may use it, and those with whom that user shares it.
enum class Reach : std::uint8_t { kSession, kMachine };

/// The other users with whom a section is shared.
enum class ShareWith : std::uint8_t { kNobody, kGroup, kUser };
/// The members of one group, or one user: see parse_sharing() (sharing.h), which fills it.
struct Sharing {
    ShareWith with = ShareWith::kNobody;
    std::string account = {};  ///< as it was given: "video"
    std::string id = {};       ///< the system's number: "44". Windows: the SID, "S-1-5-32-545"
};
/// "group video" or "user camera", for messages; empty for kNobody.
[[nodiscard]] std::string to_string(const Sharing& sharing);

/// Where a section is. With an empty backing_path it is a POSIX shared-memory object (Windows: a
/// pagefile-backed section object) of that name. Otherwise it is the regular file at backing_path
/// (UTF-8; Linux: any bytes), and the name is only a label, which may be empty.
struct SectionAddress {
    std::string name = {};
    std::string backing_path = {};
    Reach reach = Reach::kSession;  ///< for sections in memory
    /// Both sides name it. A section that is created may be used by this account, too; Linux knows
    /// groups only. A section of another user is opened only if its owner is this user, or shares
    /// it with this group; Windows does not show whether an owner belongs to a group, so readers
    /// name the owner there. Sections of this user are opened in any case.
    Sharing sharing = {};
};

/// `section "frame-7"` or `section file "/data/x.sect"`, for messages.
[[nodiscard]] std::string to_string(const SectionAddress& address);

/// kUsage: the name breaks the rule of check_section_name(). Only a section in a file may have an
/// empty name.
[[nodiscard]] Result<void> check_address(const SectionAddress& address);

/// A section's name has 1 to 64 characters of A-Z a-z 0-9 . _ - and begins with a letter, a digit
/// or `_`. kUsage: `name` breaks this rule; the message contains it.
[[nodiscard]] Result<void> check_section_name(std::string_view name);

}  // namespace mapferry::inline v1
