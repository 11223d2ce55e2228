// SPDX-License-Identifier: Apache-2.0
// Roles of files that are not, or not yet, a SharedObject.
#pragma once

#include <cstdint>

namespace mapferry::inline v1::platform {

// Whether the file is a section that some process, or another descriptor of this one, has mapped.
[[nodiscard]] bool is_used_section(int descriptor);

// Takes the role until the descriptor's last copy is closed. False: another open file has it, or
// the file system has no locks.
[[nodiscard]] bool hold_role(int descriptor, std::uint32_t role);

}  // namespace mapferry::inline v1::platform
