// SPDX-License-Identifier: Apache-2.0
// Roles of files that are no SharedObject, or not yet.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// Whether the file is a section that some process, or another descriptor of this one, has mapped.
[[nodiscard]] bool is_used_section(int descriptor);

// Takes the role until the descriptor's last copy is closed. False: somebody else has it, or the
// file system knows no locks.
[[nodiscard]] bool hold_role(int descriptor, std::uint32_t role);

}  // namespace mapferry::inline v1::platform
