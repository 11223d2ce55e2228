// SPDX-License-Identifier: Apache-2.0
// Who may open what this process makes, and whose the things are that it opens.
#pragma once

#include <windows.h>

#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// Security attributes that let this process's user in and nobody else: one entry, protected from
// inheritance. By the user's own SID: "owner" would be a group's for some tokens (elevated ones).
// Made once and kept. Null when the token can't be read: the caller must not create anything then.
[[nodiscard]] SECURITY_ATTRIBUTES* owner_only();

enum class ObjectKind : std::uint8_t { kKernelObject, kFile };

// The name of the user whom the object belongs to; empty where that is this user, what this user's
// new objects belong to, or the administrators.
[[nodiscard]] Result<std::string> other_owner(HANDLE handle, ObjectKind kind,
                                              const std::string& what);

// kPermission when it has another owner.
[[nodiscard]] Result<void> check_owner(HANDLE handle, ObjectKind kind, const std::string& what);

}  // namespace mapferry::inline v1::platform
