// SPDX-License-Identifier: Apache-2.0
// Whom a section's file lets in, and whom this process trusts.
#pragma once

#include <sys/stat.h>

#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// The attribute that holds a file's access control list: acl(5).
inline constexpr const char* kAccessList = "system.posix_acl_access";

// The group with which the file is shared: "group video (gid 44)". Empty: it is not shared.
[[nodiscard]] std::string shared_with(const struct stat& facts);

// Whether the file belongs to another user, and is shared with or by the account that `sharing`
// names.
[[nodiscard]] bool is_trusted(const struct stat& facts, const Sharing& sharing);

// kPermission: the file may not be opened as a section, because it belongs to another user, or
// because users may write it whom nobody has named.
[[nodiscard]] Result<void> check_owner(int descriptor, const struct stat& facts,
                                       const SectionAddress& address, const std::string& path);

// Gives a file that others can't open yet to its owner, and to those with whom it is shared. The
// umask and the folder's access list make no difference. kUsage: Linux can't share it with these;
// kPermission: this user may not.
[[nodiscard]] Result<void> let_in(int descriptor, const SectionAddress& address);

}  // namespace mapferry::inline v1::platform
