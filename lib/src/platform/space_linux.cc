// Space for shared objects: how much there is, and taking it before it is touched. A page of a
// sparse tmpfs file that can't be had kills the process that touches it (SIGBUS); fallocate turns
// that into an ordinary error.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "mapferry/units.h"
#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

// Large reservations are compared with the free space first: filling the machine's memory only to
// learn that it is too little would call the out-of-memory killer.
constexpr std::uint64_t kCheckFirstBytes = std::uint64_t{64} << 20;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// Memory that could be had without swapping others out; nothing when /proc does not say.
std::optional<std::uint64_t> available_memory_bytes() {
    const std::unique_ptr<std::FILE, FileCloser> file(std::fopen("/proc/meminfo", "re"));
    if (!file) return std::nullopt;
    std::uint64_t available_kib = 0;
    std::uint64_t swap_kib = 0;
    char line[128];
    bool found = false;
    while (std::fgets(line, sizeof line, file.get()) != nullptr) {
        unsigned long long value = 0;
        if (std::sscanf(line, "MemAvailable: %llu kB", &value) == 1) {
            available_kib = value;
            found = true;
        } else if (std::sscanf(line, "SwapFree: %llu kB", &value) == 1) {
            swap_kib = value;
        }
    }
    if (!found) return std::nullopt;
    return (available_kib + swap_kib) * 1024;
}

}  // namespace

Result<void> reserve(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes) {
    if (bytes == 0) return {};
    if (bytes >= kCheckFirstBytes) {
        const auto space = space_at(object.address);
        if (space && space->free_bytes < bytes) return pass(out_of_space(object.address, bytes));
    }
    const int descriptor = static_cast<int>(object.handle.get());
    int error = 0;
    do {
        error =
            ::fallocate(descriptor, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) == 0
                ? 0
                : errno;
    } while (error == EINTR);
    if (error == EOPNOTSUPP || error == ENOSYS)  // slower, but every file system can
        error =
            ::posix_fallocate(descriptor, static_cast<off_t>(offset), static_cast<off_t>(bytes));
    if (error == ENOSPC || error == EDQUOT) return pass(out_of_space(object.address, bytes));
    if (error != 0) {
        Status status = native_status(
            "cannot reserve " + format_bytes(bytes) + " for " + to_string(object.address), error);
        if (error == EFBIG || error == ENOMEM) status.code = Code::kIo;
        return pass(std::move(status));
    }
    return {};
}

Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes) {
    const bool shm = address.backing_path.empty();
    const std::string where =
        shm ? std::string(kShmFolder) : "\"" + split_path(address.backing_path).folder + "\"";
    const auto space = space_at(address);
    std::string message = to_string(address) + " needs " + format_bytes(needed_bytes) + " more, " +
                          where + " has " + (space ? format_bytes(space->free_bytes) : "less") +
                          " free";
    return Status{Code::kIo, std::move(message),
                  shm ? "put the section into a file with --backing PATH, or enlarge " + where +
                            " (docker run --shm-size=1g; mount -o remount,size=1g /dev/shm)"
                      : "free some space, or choose another folder with --backing PATH",
                  ENOSPC};
}

Result<Space> space_at(const SectionAddress& address) {
    const std::string folder = split_path(object_path(address)).folder;
    struct statvfs facts{};
    if (::statvfs(folder.c_str(), &facts) != 0) {
        Status status = native_status("cannot examine \"" + folder + "\"");
        if (address.backing_path.empty())
            status.hint = "put the section into a file with --backing PATH";
        return pass(std::move(status));
    }
    Space space{.total_bytes = facts.f_blocks * facts.f_frsize,
                .free_bytes = facts.f_bavail * facts.f_frsize};
    // A tmpfs may promise more than the machine has.
    const auto memory =
        address.backing_path.empty() ? available_memory_bytes() : std::optional<std::uint64_t>();
    if (space.total_bytes == 0 && memory) {  // mounted without a limit
        space = {.total_bytes = *memory, .free_bytes = *memory};
    } else if (memory) {
        space.free_bytes = std::min(space.free_bytes, *memory);
    }
    return space;
}

Result<std::uint64_t> used_bytes(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(static_cast<int>(object.handle.get()), &facts) != 0)
        return pass(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(facts.st_blocks) * 512;  // st_blocks is in 512-byte units
}

}  // namespace mapferry::platform
