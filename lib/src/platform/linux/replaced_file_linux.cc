// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/replaced_file_linux.h"

#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "mapferry/printable_text.h"
#include "platform/linux/sharing_linux.h"

namespace mapferry::inline v1::platform {

namespace {

// The result of a call that is asked for its size first; empty when it failed.
template <typename Call>
std::vector<char> all_of(Call call) {
    std::vector<char> bytes;
    const ssize_t size = call(nullptr, 0);
    if (size <= 0) return bytes;
    bytes.resize(static_cast<std::size_t>(size));
    const ssize_t got = call(bytes.data(), bytes.size());
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
}

// Attributes that the system (security.*) and its administrator (trusted.*) give a file. They
// belong to the old bytes, such as a capability or a checksum, and are not for new ones.
bool is_the_systems(std::string_view name) {
    return name.starts_with("security.") || name.starts_with("trusted.");
}

// How a message names an attribute. See xattr(7), acl(5).
std::string shown(std::string_view name) {
    if (name == kAccessList) return "its access control list";
    return "its attribute " + escape_for_terminal(name);
}

void copy_attributes(int descriptor, const std::string& path, std::vector<std::string>& lost) {
    const std::vector<char> names = all_of([&path](char* target, std::size_t bytes) {
        return ::llistxattr(path.c_str(), target, bytes);
    });
    bool has_list = false;
    for (std::size_t at = 0; at < names.size();) {
        const std::string name(names.data() + at);
        at += name.size() + 1;
        if (is_the_systems(name)) continue;
        has_list = has_list || name == kAccessList;
        const std::vector<char> value = all_of([&path, &name](char* target, std::size_t bytes) {
            return ::lgetxattr(path.c_str(), name.c_str(), target, bytes);
        });
        if (::fsetxattr(descriptor, name.c_str(), value.data(), value.size(), 0) != 0)
            lost.push_back(shown(name));
    }
    // The folder's default list would let in users whom the old file kept out.
    if (!has_list) ::fremovexattr(descriptor, kAccessList);
}

std::string sentence(const std::string& path, const std::vector<std::string>& lost) {
    if (lost.empty()) return {};
    std::string text = in_quotes(path) + " was replaced and lost ";
    for (std::size_t i = 0; i < lost.size(); ++i)
        text += (i == 0 ? "" : i + 1 == lost.size() ? " and " : ", ") + lost[i];
    return text + "; overwriting the file in place keeps them";
}

}  // namespace

Legacy hand_on(int descriptor, const std::string& path, const struct stat& replaced) {
    Legacy legacy{.permission_bits = replaced.st_mode & 0777u, .lost = {}};
    std::vector<std::string> lost;
    struct stat now{};
    // Only the superuser may give files away. A group of one's own may be given.
    if (::fchown(descriptor, replaced.st_uid, replaced.st_gid) != 0)
        (void)!::fchown(descriptor, static_cast<uid_t>(-1), replaced.st_gid);
    const bool known = ::fstat(descriptor, &now) == 0;
    if (!known || now.st_uid != replaced.st_uid) lost.emplace_back("its owner");
    if (!known || now.st_gid != replaced.st_gid) {
        lost.emplace_back("its group");
        legacy.permission_bits &= 0707u;
    }
    copy_attributes(descriptor, path, lost);
    if (replaced.st_nlink > 1)
        lost.emplace_back("its other names (hard links), which keep the old bytes");
    legacy.lost = sentence(path, lost);
    return legacy;
}

}  // namespace mapferry::inline v1::platform
