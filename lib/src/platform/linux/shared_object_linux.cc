// SPDX-License-Identifier: Apache-2.0
// Shared objects. POSIX shared memory is a file in the tmpfs at /dev/shm, so both kinds of backing
// are files and share this code. An object gets its name (linkat) only when it is complete and
// locked, so no process ever meets a half-made section of ours.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <limits>

#include "base/fail.h"
#include "base/try.h"
#include "format/layout.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"
#include "platform/handle.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/fork_linux.h"
#include "platform/linux/held_signal_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/role_lock_linux.h"
#include "platform/linux/sharing_linux.h"
#include "platform/mapping.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr const char* kNarrowHint = "use a 64-bit program";

// The way out for a process that has no free addresses.
void advise_on_room(Status& status) {
    rlimit limit{};
    const bool limited = ::getrlimit(RLIMIT_AS, &limit) == 0 &&
                         limit.rlim_cur < std::numeric_limits<std::uintptr_t>::max();
    status.hint = limited ? "the limit of the process is in the way: ulimit -v" : "";
    if (limited || sizeof(void*) > 4) return;
    status.hint = kNarrowHint;
    status.remedy = Remedy::kSendAsStream;
}

int descriptor_of(const SharedObject& object) {
    return static_cast<int>(object.handle.get());
}

// The writer's role is taken before the temporary name counts. A cleaner takes that very role, and
// removes a file whose maker does not hold it. If it removed this file before its maker had the
// role, the maker makes another one.
Handle create_temporary(SharedObject& object, const std::string& folder) {
    constexpr int kRounds = 1000;
    for (int round = 0; round < kRounds; ++round) {
        TemporaryPath path(folder + "/" + temporary_name());
        Handle made = open_withheld([&path] {
            return open_file(path.path().c_str(), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, 0600);
        });
        if (!made.valid()) {
            const int error = errno;
            path.keep();  // somebody else has it
            errno = error;
            return {};
        }
        const int descriptor = static_cast<int>(made.get());
        struct stat facts{};
        const bool mine = hold_role(descriptor, layout::kRoleWriter);
        if (!mine && errno != EAGAIN && errno != EACCES) return {};
        if (mine && ::fstat(descriptor, &facts) == 0 && facts.st_nlink != 0) {
            object.temporary = std::move(path);
            return made;
        }
    }
    errno = EAGAIN;
    return {};
}

// A file without a name, or with a temporary one where the system has no nameless files.
Result<SharedObject> create_nameless(const SectionAddress& address) {
    SharedObject object{.handle = {}, .address = address, .path = object_path(address)};
    const std::string folder = split_path(object.path).folder;
    object.handle =
        open_withheld([&folder] { return open_file(folder.c_str(), O_TMPFILE | O_RDWR, 0600); });
    if (object.handle.valid() && !can_be_named(descriptor_of(object))) {
        object.handle.close();
        errno = EOPNOTSUPP;
    }
    if (!object.handle.valid() && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        object.handle = create_temporary(object, folder);
    if (!object.handle.valid()) {
        Status status =
            native_status("cannot create " + to_string(address) + " in " + in_quotes(folder));
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        if (status.hint.empty() && address.backing_path.empty())
            status.remedy = Remedy::kUseBackingFile;
        return std::unexpected(std::move(status));
    }
    return object;
}

Handle open_map_source(const SharedObject& object) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor_of(object));
    return open_withheld([&] {
        return open_file(path.c_str(), object.access == Access::kRead ? O_RDONLY : O_RDWR);
    });
}

// Opens for reading and writing, or only for reading where the system refuses the other: a file
// without the permission, a file system that is mounted read-only.
Handle open_either(const char* path, Access& access) {
    // O_NONBLOCK: a FIFO under this name must not hang us.
    constexpr int kFlags = O_NOFOLLOW | O_NONBLOCK;
    access = Access::kReadWrite;
    Handle handle = open_file(path, O_RDWR | kFlags);
    if (handle.valid() || (errno != EACCES && errno != EPERM && errno != EROFS)) return handle;
    access = Access::kRead;
    return open_file(path, O_RDONLY | kFlags);
}

}  // namespace

Result<SharedObject> create_object(const SectionAddress& address, std::uint64_t bytes) {
    auto object = create_nameless(address);
    if (!object) return object;
    const int descriptor = descriptor_of(*object);
    TRY(let_in(descriptor, address));
    const HeldSignal held(SIGXFSZ);
    int failed = 0;
    do {
        failed = ::ftruncate(descriptor, static_cast<off_t>(bytes));
    } while (failed != 0 && errno == EINTR);
    if (failed != 0)
        return std::unexpected(native_status("cannot make " + to_string(address) + " " +
                                             std::to_string(bytes) + " bytes long"));
    object->object_bytes = bytes;
    return object;
}

Result<void> publish_object(SharedObject& object) {
    const std::string& path = object.path;
    // None of these calls replaces a file: of two writers that want one name only one succeeds.
    int failed = 0;
    if (object.temporary.empty()) {
        const std::string from = descriptor_path(descriptor_of(object));
        failed = ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
    } else {
        const std::string& from = object.temporary.path();
        failed = rename_to_free_name(AT_FDCWD, from, path);
        if (failed == 0) object.temporary.keep();
        // Where the call is unknown or not let through, the file gets its second name by a link,
        // and the first name goes with the object.
        if (failed != 0 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
            failed = ::link(from.c_str(), path.c_str());
    }
    if (failed != 0)
        return std::unexpected(native_status("cannot create " + to_string(object.address)));
    return {};
}

bool section_persists(const SharedObject&) {
    return true;
}

Result<bool> share_name(SharedObject& object) {
    return is_current(object);
}

Result<SharedObject> open_object(const SectionAddress& address, Owners owners) {
    std::string path = object_path(address);
    Access access{};
    Handle handle = open_withheld([&] { return open_either(path.c_str(), access); });
    if (!handle.valid()) {
        Status status = native_status("cannot open " + to_string(address));
        if (status.os_error == ELOOP) status.message = to_string(address) + " is a symbolic link";
        if (status.os_error == EISDIR) status.code = Code::kPermission;
        return std::unexpected(std::move(status));
    }
    SharedObject object{.handle = std::move(handle), .address = address, .path = std::move(path)};
    object.access = access;
    struct stat facts{};
    if (::fstat(descriptor_of(object), &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(address)));
    if (!S_ISREG(facts.st_mode))
        return fail(Code::kPermission, to_string(address) + " is not a regular file");
    if (owners == Owners::kThisUser)
        TRY(check_owner(descriptor_of(object), facts, address, object.path));
    object.object_bytes = static_cast<std::uint64_t>(facts.st_size);
    return object;
}

bool may_remove(const SharedObject& object) {
    const uid_t user = ::geteuid();
    struct stat folder{};
    struct stat file{};
    const std::string path = split_path(object.path).folder;
    if (user == 0 || ::fstat(descriptor_of(object), &file) != 0 ||
        ::stat(path.c_str(), &folder) != 0)
        return true;  // or the removal itself fails
    const bool is_sticky = (folder.st_mode & S_ISVTX) != 0;
    if (is_sticky && file.st_uid != user && folder.st_uid != user) return false;
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

Result<std::uint64_t> object_bytes_now(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(descriptor_of(object), &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(facts.st_size);
}

Result<bool> is_current(const SharedObject& object) {
    struct stat by_name{};
    struct stat by_handle{};
    if (::fstat(descriptor_of(object), &by_handle) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    if (::lstat(object.path.c_str(), &by_name) != 0) {
        if (errno == ENOENT) return false;
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    }
    return by_name.st_dev == by_handle.st_dev && by_name.st_ino == by_handle.st_ino;
}

Result<bool> is_removed(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(descriptor_of(object), &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return facts.st_nlink == 0;
}

Result<void> check_stored(const SharedObject& object) {
    if (object.address.backing_path.empty()) return {};
    const std::string failure = "cannot store all of " + to_string(object.address);
    // Closing a second descriptor reports the same errors, and the first one stays open.
    Handle second = open_withheld([&object] { return duplicate(descriptor_of(object)); });
    if (!second.valid()) return std::unexpected(native_status(failure));
    return second.close_checked(failure);
}

Result<void> unlink_object(const SharedObject& object) {
    const auto failed = [&] {
        return std::unexpected(native_status("cannot remove " + to_string(object.address)));
    };
    if (object.access == Access::kRead) {
        // Two processes that may only read can share the remover's role. This lock keeps the slower
        // one from removing the section that came after.
        if (::flock(descriptor_of(object), LOCK_EX | LOCK_NB) != 0) return failed();
        TRY_ASSIGN(auto current, is_current(object));
        if (!current) return {};  // by the other one
    }
    if (::unlink(object.path.c_str()) != 0) return failed();
    return {};
}

void hold_map_source(SharedObject& object) {
    object.map_source = open_map_source(object);
}

Result<Mapping> map(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes,
                    Access access) {
    const auto failed_to = [&] {
        return "cannot map " + format_bytes(bytes) + " of " + to_string(object.address);
    };
    if (bytes > std::numeric_limits<std::size_t>::max() / 2)
        return fail(Code::kSystem, failed_to() + " into a 32-bit program", kNarrowHint,
                    Remedy::kSendAsStream);
    const Handle opened = object.map_source.valid() ? Handle() : open_map_source(object);
    const Handle& second = opened.valid() ? opened : object.map_source;
    // Without /proc there is only the handle itself.
    const int descriptor = second.valid() ? static_cast<int>(second.get()) : descriptor_of(object);
    const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
    void* data = ::mmap(nullptr, static_cast<std::size_t>(bytes), protection, MAP_SHARED,
                        descriptor, static_cast<off_t>(offset));
    if (data == MAP_FAILED) {
        Status status = native_status(failed_to());
        if (status.os_error == ENOMEM) advise_on_room(status);
        return std::unexpected(std::move(status));
    }
    return Mapping(static_cast<std::byte*>(data), static_cast<std::size_t>(bytes));
}

}  // namespace mapferry::inline v1::platform
