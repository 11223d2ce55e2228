// SPDX-License-Identifier: Apache-2.0
// A shared section has exactly the mode 0660, and the group with which it is shared. Only members
// of a group can give a file to it, so the file's group proves that its owner is a member, or root.
#include "platform/linux/sharing_linux.h"

#include <sys/xattr.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/try.h"
#include "mapferry/printable_text.h"
#include "platform/linux/account_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kShared = 0660;
constexpr mode_t kSharedToRead = 0640;  // by hand

mode_t mode_of(const struct stat& facts) {
    return facts.st_mode & 07777u;
}

// An access list may let in users and groups beside those that the mode shows: see acl(5).
bool has_access_list(int descriptor) {
    return ::fgetxattr(descriptor, kAccessList, nullptr, 0) > 0;
}

std::unexpected<Status> cannot_share(const SectionAddress& address, Status failure,
                                     const std::string& hint) {
    failure.message = "cannot share " + to_string(address) + " with " + to_string(address.sharing) +
                      ": " + failure.message;
    failure.hint = hint;
    return std::unexpected(std::move(failure));
}

}  // namespace

std::string shared_with(const struct stat& facts) {
    const mode_t mode = mode_of(facts);
    return mode == kShared || mode == kSharedToRead ? group_text(facts.st_gid) : std::string();
}

bool is_trusted(const struct stat& facts, const Sharing& sharing) {
    const mode_t mode = mode_of(facts);
    if (facts.st_uid == ::geteuid() || (mode != kShared && mode != kSharedToRead)) return false;
    const auto number = account_number(sharing.id);
    return (sharing.with == ShareWith::kGroup && number == facts.st_gid) ||
           (sharing.with == ShareWith::kUser && number == facts.st_uid);
}

Result<void> check_owner(int descriptor, const struct stat& facts, const SectionAddress& address,
                         const std::string& path) {
    const std::string what = to_string(address);
    const mode_t mode = mode_of(facts);
    if (facts.st_uid != ::geteuid() && !is_trusted(facts, address.sharing))
        return fail(Code::kPermission,
                    what + " belongs to another user: " + account_text(facts.st_uid));
    if (mode != kShared && (mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail(Code::kPermission, what + " may be written by other users",
                    "take the permission away: chmod go-w " + path);
    if (mode == kShared && has_access_list(descriptor))
        return fail(Code::kPermission, what + " has an access list, which may let in anybody",
                    "take it away: setfacl -b " + path);
    return {};
}

Result<void> let_in(int descriptor, const SectionAddress& address) {
    const Sharing& sharing = address.sharing;
    const bool shared = sharing.with != ShareWith::kNobody;
    if (sharing.with == ShareWith::kUser)
        return cannot_share(address, {Code::kUsage, "Linux shares sections with groups"},
                            "make a group of both users, and name it");
    const auto group = account_number(sharing.id);
    if (shared && !group)
        return cannot_share(address,
                            {Code::kUsage, in_quotes(sharing.id) + " is no group's number"},
                            "fill it with parse_sharing()");
    // Before the mode lets in a group: the right one, and nobody of the folder's default list.
    if (shared && ::fchown(descriptor, static_cast<uid_t>(-1), *group) != 0)
        return cannot_share(address, native_status("the system refuses it"),
                            "this user has to be a member of the group when the program starts; "
                            "id shows the groups");
    if (shared) (void)::fremovexattr(descriptor, kAccessList);
    // Also where nobody else is let in: the umask may have removed the owner's own bits.
    if (::fchmod(descriptor, shared ? kShared : kOwnerOnly) != 0)
        return std::unexpected(native_status("cannot set the mode of " + to_string(address)));
    if (!shared) return {};
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0 || mode_of(facts) != kShared || facts.st_gid != *group ||
        has_access_list(descriptor))
        return cannot_share(address, {Code::kPermission, "its file system keeps no groups"},
                            "choose another folder");
    return {};
}

}  // namespace mapferry::inline v1::platform
