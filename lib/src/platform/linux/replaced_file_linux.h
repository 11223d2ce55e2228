// SPDX-License-Identifier: Apache-2.0
// The properties that a replaced file hands on to the file that takes its name.
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
// of the file that `path` still names, as far as this process may. `replaced`: lstat()'s result for
// that file. Where its group can't be given, the group's permission bits are dropped: they were
// meant for another group.
[[nodiscard]] Legacy hand_on(int descriptor, const std::string& path, const struct stat& replaced);

}  // namespace mapferry::inline v1::platform
