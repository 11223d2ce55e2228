// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): names. What has the name of a section, who
// owns it, and which names exist.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

enum class Access : std::uint8_t { kRead, kReadWrite };

// Whose objects count: only this user's and those that the address trusts (Sharing), or all.
enum class Owners : std::uint8_t { kThisUser, kAnybody };

// What has an object's name, whether or not it is a section.
struct Place {
    std::string what;        // "an empty file", "a file of 12 bytes", "a symbolic link", ...
    std::string owner = {};  // "alice (uid 1001)"; empty: this user
    bool is_file = true;     // a regular one, or a section in memory
    // Windows, in memory: unknown.
    std::uint64_t bytes = ~std::uint64_t{0};
    std::string shared_with = {};  // "group video (gid 44)"; empty: nobody
    bool trusted = false;          // another user's, but the address names who shares it
};
// Does not follow links. kNotFound; kPermission where the system does not show it.
[[nodiscard]] Result<Place> look_at_place(const SectionAddress& address);

// REQUIRES: a section in memory. Removes the name of whatever has it, without opening that: for
// things in which no role can be taken. Of a link the link itself, a folder only when it is empty.
// Windows: always kPermission.
[[nodiscard]] Result<void> clear_place(const SectionAddress& address);

struct ObjectOfOthers {
    std::string name;   // empty: a leftover
    std::string path;   // of a leftover
    std::string owner;  // as in Place
};
// Names of the shared-memory objects that carry our prefix and belong to this user, or to others
// whom `sharing` names. `leftovers`: full paths of unpublished temporaries that a crash left (Linux
// fallback). `obstacles`: names with our prefix that something else has, such as a link or a
// folder. `others` is filled with kAnybody only. Windows fills none of these three.
struct ObjectList {
    std::vector<std::string> names;
    std::vector<std::string> leftovers;
    std::vector<std::string> obstacles = {};
    std::vector<ObjectOfOthers> others = {};
};
[[nodiscard]] Result<ObjectList> list_objects(Reach reach, Owners owners = Owners::kThisUser,
                                              const Sharing& sharing = {});

// Whether file names must follow the rules of Windows.
[[nodiscard]] bool has_windows_names();

// Removes a leftover of list_objects() unless a living process still holds it.
[[nodiscard]] Result<bool> remove_leftover(const std::string& path);

}  // namespace mapferry::inline v1::platform
