// SPDX-License-Identifier: Apache-2.0
// What a file that is replaced leaves to the one that takes its name.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>

namespace mapferry::inline v1::platform {

struct Legacy {
    std::uint32_t permission_bits = 0;
    std::string lost;  // what could not be handed on, in a sentence; empty: nothing
};

// Gives the new file, `descriptor`, the owner, group, extended attributes and access control lists
// of the one that `path` names still, as far as this process may. `replaced`: what lstat() said of
// that one. Without its group the bits leave the group out: they were meant for another one.
[[nodiscard]] Legacy hand_on(int descriptor, const std::string& path, const struct stat& replaced);

}  // namespace mapferry::inline v1::platform
