// SPDX-License-Identifier: Apache-2.0
// Who may open what this process makes, and who owns what it opens.
#pragma once

#include <windows.h>

#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// Security attributes that let in this process's user and nobody else: one entry, protected from
// inheritance. It names the user's own SID, because "owner" would be a group for some tokens
// (elevated ones). Made once and kept. Null when the token can't be read: then nothing may be
// created.
[[nodiscard]] SECURITY_ATTRIBUTES* owner_only();

enum class ObjectKind : std::uint8_t { kKernelObject, kFile };

// The name of the user who owns the object. Empty where the owner is this user, the owner of this
// user's new objects, or the administrators.
[[nodiscard]] Result<std::string> other_owner(HANDLE handle, ObjectKind kind,
                                              const std::string& what);

// kPermission when it has another owner.
[[nodiscard]] Result<void> check_owner(HANDLE handle, ObjectKind kind, const std::string& what);

}  // namespace mapferry::inline v1::platform
