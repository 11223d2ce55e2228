// Shared objects: POSIX shared memory is a file in the tmpfs at /dev/shm, so that both kinds of
// backing are files and go one way. An object gets its name only when it is complete and locked
// (linkat), so nobody ever meets a half-made section of ours.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

int descriptor_of(const SharedObject& object) {
    return static_cast<int>(object.handle.get());
}

std::string backing_hint(const SectionAddress& address) {
    return address.backing_path.empty() ? "put the section into a file with --backing PATH" : "";
}

// A file without a name, or with a temporary one where the system can't do that.
Result<SharedObject> create_nameless(const SectionAddress& address) {
    SharedObject object{.handle = {}, .address = address, .path = object_path(address)};
    const std::string folder = split_path(object.path).folder;
    int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 && !can_be_named(descriptor)) {
        ::close(descriptor);
        descriptor = -1;
        errno = EOPNOTSUPP;
    }
    if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        object.temporary = TemporaryPath(folder + "/" + temporary_name());
        descriptor = ::open(object.temporary.path().c_str(),
                            O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0) object.temporary.keep();
    }
    if (descriptor < 0) {
        Status status =
            native_status("cannot create " + to_string(address) + " in \"" + folder + "\"");
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        if (status.hint.empty()) status.hint = backing_hint(address);
        return pass(std::move(status));
    }
    object.handle = Handle(descriptor);
    return object;
}

Result<void> check_owner(const SharedObject& object, const struct stat& facts) {
    const std::string what = to_string(object.address);
    if (!S_ISREG(facts.st_mode)) return fail(Code::kPermission, what + " is not a regular file");
    if (facts.st_uid != ::geteuid())
        return fail(Code::kPermission,
                    what + " belongs to another user (uid " + std::to_string(facts.st_uid) + ")",
                    "choose another name with --name");
    if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail(Code::kPermission, what + " may be written by other users",
                    "remove it, or take the permission away with chmod go-w");
    return {};
}

}  // namespace

Result<SharedObject> create_object(const SectionAddress& address, std::uint64_t bytes) {
    auto object = create_nameless(address);
    if (!object) return object;
    const int descriptor = descriptor_of(*object);
    // The umask may have taken the owner's own bits.
    int failed = ::fchmod(descriptor, 0600);
    if (failed == 0) {
        do {
            failed = ::ftruncate(descriptor, static_cast<off_t>(bytes));
        } while (failed != 0 && errno == EINTR);
    }
    if (failed != 0)
        return pass(native_status("cannot make " + to_string(address) + " " +
                                  std::to_string(bytes) + " bytes long"));
    object->object_bytes = bytes;
    return object;
}

Result<void> publish_object(SharedObject& object) {
    const std::string& path = object.path;
    int failed = 0;
    if (object.temporary.empty()) {
        const std::string from = descriptor_path(descriptor_of(object));
        failed = ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
    } else {
        const char* const from = object.temporary.path().c_str();
        failed = ::renameat2(AT_FDCWD, from, AT_FDCWD, path.c_str(), RENAME_NOREPLACE);
        if (failed == 0) object.temporary.keep();
        // Where that is not known or not let through: the second name is made, the first goes with
        // the object.
        if (failed != 0 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
            failed = ::link(from, path.c_str());
    }
    if (failed != 0) return pass(native_status("cannot create " + to_string(object.address)));
    return {};
}

bool outlives_processes(const SharedObject&) {
    return true;
}

Result<bool> share_name(SharedObject& object) {
    return is_current(object);
}

Result<SharedObject> open_object(const SectionAddress& address) {
    std::string path = object_path(address);
    // O_NONBLOCK: a FIFO under this name must not hang us.
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        Status status = native_status("cannot open " + to_string(address));
        if (status.os_error == ELOOP) status.message = to_string(address) + " is a symbolic link";
        if (status.os_error == EISDIR) status.code = Code::kPermission;
        return pass(std::move(status));
    }
    SharedObject object{.handle = Handle(descriptor), .address = address, .path = std::move(path)};
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0)
        return pass(native_status("cannot examine " + to_string(address)));
    if (auto checked = check_owner(object, facts); !checked) return pass(checked.error());
    object.object_bytes = static_cast<std::uint64_t>(facts.st_size);
    return object;
}

Result<std::uint64_t> object_bytes_now(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(descriptor_of(object), &facts) != 0)
        return pass(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(facts.st_size);
}

Result<bool> is_current(const SharedObject& object) {
    struct stat by_name{};
    struct stat by_handle{};
    if (::fstat(descriptor_of(object), &by_handle) != 0)
        return pass(native_status("cannot examine " + to_string(object.address)));
    if (::lstat(object.path.c_str(), &by_name) != 0) {
        if (errno == ENOENT) return false;
        return pass(native_status("cannot examine " + to_string(object.address)));
    }
    return by_name.st_dev == by_handle.st_dev && by_name.st_ino == by_handle.st_ino;
}

Result<void> unlink_object(const SharedObject& object) {
    if (::unlink(object.path.c_str()) != 0)
        return pass(native_status("cannot remove " + to_string(object.address)));
    return {};
}

Result<Mapping> map(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes,
                    Access access) {
    const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
    void* data = ::mmap(nullptr, static_cast<std::size_t>(bytes), protection, MAP_SHARED,
                        descriptor_of(object), static_cast<off_t>(offset));
    if (data == MAP_FAILED)
        return pass(native_status("cannot map " + std::to_string(bytes) + " bytes of " +
                                  to_string(object.address)));
    return Mapping(static_cast<std::byte*>(data), static_cast<std::size_t>(bytes));
}

}  // namespace mapferry::platform
