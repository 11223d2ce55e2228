// SPDX-License-Identifier: Apache-2.0
// Who may open what this process makes, and who owns what it opens.
#pragma once

#include <windows.h>

#include <memory>
#include <string>

#include "mapferry/section_address.h"
#include "mapferry/status.h"

namespace mapferry::inline v1::platform {

// Security attributes that let in this process's user and nobody else: one entry, protected from
// inheritance. It names the user's own SID, because "owner" would be a group for some tokens
// (elevated ones). Made once and kept. Null when the token can't be read: then nothing may be
// created.
[[nodiscard]] SECURITY_ATTRIBUTES* owner_only();

enum class ObjectKind : std::uint8_t { kKernelObject, kFile };

// A list that lets in others too. Null: owner_only().
using AccessList = std::shared_ptr<void>;

// For an object of a section that this process makes. kUsage: the account is none.
[[nodiscard]] Result<AccessList> access_list_for(const Sharing& sharing, ObjectKind kind,
                                                 const std::string& what);
// For the mutexes and events of an open section in memory: it lets in those who may use the
// section. Null also where that can't be learnt.
[[nodiscard]] AccessList access_list_like(HANDLE section);

// For one call that makes an object. Valid as long as the list.
[[nodiscard]] SECURITY_ATTRIBUTES attributes_with(const AccessList& list);

// Whose an object is, and who else may write it.
struct Ownership {
    std::string other = {};        // its owner. Empty where that is this user, the owner of this
                                   // user's new objects, or the administrators
    bool trusted = false;          // another user's, whom the address names
    std::string shared_with = {};  // "group Users"; empty: nobody
};
[[nodiscard]] Result<Ownership> ownership_of(HANDLE handle, ObjectKind kind,
                                             const SectionAddress& address);

// kPermission when it has another owner, whom the address does not name.
[[nodiscard]] Result<void> check_owner(HANDLE handle, ObjectKind kind,
                                       const SectionAddress& address);

}  // namespace mapferry::inline v1::platform
