// SPDX-License-Identifier: Apache-2.0
// What has the name of a section, and who owns it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/linux/account_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/sharing_linux.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/shared_object.h"

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

Place place_of(const struct stat& facts, const SectionAddress& address) {
    Place place{.what = text_of(facts),
                .is_file = S_ISREG(facts.st_mode),
                .bytes = static_cast<std::uint64_t>(facts.st_size)};
    if (facts.st_uid != ::geteuid()) place.owner = account_text(facts.st_uid);
    if (place.is_file) {
        place.shared_with = shared_with(facts);
        place.trusted = is_trusted(facts, address.sharing);
    }
    return place;
}

}  // namespace

Result<Place> look_at_place(const SectionAddress& address) {
    struct stat facts{};
    if (::lstat(object_path(address).c_str(), &facts) != 0)
        return std::unexpected(native_status("cannot open " + to_string(address)));
    return place_of(facts, address);
}

Result<Place> look_at_object(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(static_cast<int>(object.handle.get()), &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return place_of(facts, object.address);
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
