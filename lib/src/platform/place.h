// SPDX-License-Identifier: Apache-2.0
// Part of the platform contract (docs/ARCHITECTURE.md): names. What has the name of a
// section, whose it is, and which names there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

enum class Access : std::uint8_t { kRead, kReadWrite };

// Whose objects count: this user's that nobody else may write, or all.
enum class Owners : std::uint8_t { kThisUser, kAnybody };

// What has an object's name, whoever put it there.
struct Place {
    std::string what;        // "an empty file", "a file of 12 bytes", "a symbolic link", ...
    std::string owner = {};  // "alice (uid 1001)"; empty: this user
    bool is_file = true;     // a regular one, or a section in memory
    // Windows, in memory: not told.
    std::uint64_t bytes = ~std::uint64_t{0};
};
// Links are not followed. kNotFound; kPermission where the system does not tell.
[[nodiscard]] Result<Place> look_at_place(const SectionAddress& address);

// REQUIRES: a section in memory. Takes the name away from whatever has it, without opening it: for
// what no role can be taken in. A link goes itself, a folder only when it is empty. Windows: always
// kPermission.
[[nodiscard]] Result<void> clear_place(const SectionAddress& address);

struct ObjectOfOthers {
    std::string name;   // empty: a leftover
    std::string path;   // of a leftover
    std::string owner;  // as in Place
};
// Names of the shared-memory objects that carry our prefix and belong to this user. `leftovers`:
// unpublished temporaries that a crash left (Linux fallback), as full paths. `obstacles`: names
// with our prefix that something else has, as a link or a folder. `others` is filled with kAnybody
// only. Windows: neither is ever filled.
struct ObjectList {
    std::vector<std::string> names;
    std::vector<std::string> leftovers;
    std::vector<std::string> obstacles = {};
    std::vector<ObjectOfOthers> others = {};
};
[[nodiscard]] Result<ObjectList> list_objects(Reach reach, Owners owners = Owners::kThisUser);

// Whether file names have to keep the rules of Windows.
[[nodiscard]] bool has_windows_names();

// Removes a leftover of list_objects() unless a living process still holds it.
[[nodiscard]] Result<bool> remove_leftover(const std::string& path);

}  // namespace mapferry::inline v1::platform
