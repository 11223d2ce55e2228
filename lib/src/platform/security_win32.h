// Who may open what this process makes, and whose the things are that it opens.
#pragma once

#include <windows.h>

#include <string>

#include "mapferry/status.h"
#include "platform/platform.h"

namespace mapferry::platform {

// Security attributes that let this process's user in and nobody else: one entry, protected from
// inheritance. By the user's own SID: "owner" would be a group's for some tokens (elevated ones).
// Made once and kept. Null when the token can't be read: the caller must not create anything then.
[[nodiscard]] SECURITY_ATTRIBUTES* owner_only();

enum class ObjectKind : std::uint8_t { kKernelObject, kFile };

// kPermission when the object belongs to somebody else than this user, what this user's new
// objects belong to, or the administrators.
[[nodiscard]] Result<void> check_owner(HANDLE handle, ObjectKind kind, const std::string& what);

}  // namespace mapferry::platform
