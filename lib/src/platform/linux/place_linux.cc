// SPDX-License-Identifier: Apache-2.0
// What has the name of a section, and who owns it.
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "platform/linux/account_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/native_error.h"
#include "platform/place.h"

namespace mapferry::inline v1::platform {

namespace {

std::string text_of(const struct stat& facts) {
    switch (facts.st_mode & S_IFMT) {
        case S_IFLNK:
            return "a symbolic link";
        case S_IFDIR:
            return "a folder";
        case S_IFSOCK:
            return "a socket";
        case S_IFIFO:
            return "a named pipe";
        case S_IFREG:
            break;
        default:
            return "a device";
    }
    std::string text = facts.st_size == 0 ? "an empty file"
                                          : "a file of " + std::to_string(facts.st_size) + " bytes";
    if (facts.st_nlink > 1) text += " with " + std::to_string(facts.st_nlink) + " hard links";
    return text;
}

}  // namespace

std::string account_text(std::uint32_t user) {
    std::string number = "uid " + std::to_string(user);
    std::array<char, 16'384> room{};  // glibc asks for 1024; a directory service may have more
    passwd account{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &account, room.data(), room.size(), &found) != 0 || found == nullptr)
        return number;
    return std::string(found->pw_name) + " (" + number + ")";
}

Result<Place> look_at_place(const SectionAddress& address) {
    struct stat facts{};
    if (::lstat(object_path(address).c_str(), &facts) != 0)
        return std::unexpected(native_status("cannot open " + to_string(address)));
    Place place{.what = text_of(facts),
                .is_file = S_ISREG(facts.st_mode),
                .bytes = static_cast<std::uint64_t>(facts.st_size)};
    if (facts.st_uid != ::geteuid()) place.owner = account_text(facts.st_uid);
    return place;
}

Result<void> clear_place(const SectionAddress& address) {
    const std::string path = object_path(address);
    int failed = ::unlink(path.c_str());
    if (failed != 0 && errno == EISDIR) failed = ::rmdir(path.c_str());
    if (failed == 0) return {};
    Status status = native_status("cannot remove " + to_string(address));
    if (status.os_error == ENOTEMPTY) status.hint = "it is a folder with something in it";
    return std::unexpected(std::move(status));
}

}  // namespace mapferry::inline v1::platform
