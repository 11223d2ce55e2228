// Space for shared objects: how much there is, and taking it before it is touched. A page of a
// sparse tmpfs file that can't be had kills the process that touches it (SIGBUS); fallocate turns
// that into an ordinary error.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string_view>

#include "mapferry/units.h"
#include "platform/paths_linux.h"
#include "platform/platform.h"

namespace mapferry::platform {

namespace {

// Large reservations are compared with the free space first: filling the machine's memory only to
// learn that it is too little would call the out-of-memory killer.
constexpr std::uint64_t kCheckFirstBytes = std::uint64_t{64} << 20;

// The value of a line of /proc/meminfo, "MemAvailable:   123 kB", in bytes.
std::optional<std::uint64_t> value_of(std::string_view line, std::string_view name) {
    if (!line.starts_with(name)) return std::nullopt;
    const std::size_t first = line.find_first_of("0123456789");
    if (first == std::string_view::npos) return std::nullopt;
    const std::string_view digits = line.substr(first);
    const char* const begin = digits.data();
    std::uint64_t kib = 0;
    if (std::from_chars(begin, begin + digits.size(), kib).ec != std::errc()) return std::nullopt;
    return kib * 1024;
}

// Memory that could be had without swapping others out; nothing when /proc does not say.
std::optional<std::uint64_t> available_memory_bytes() {
    std::ifstream file("/proc/meminfo");
    std::optional<std::uint64_t> available;
    std::uint64_t swap = 0;
    for (std::string line; std::getline(file, line);) {
        if (const auto bytes = value_of(line, "MemAvailable:")) available = bytes;
        if (const auto bytes = value_of(line, "SwapFree:")) swap = *bytes;
    }
    if (!available) return std::nullopt;
    return *available + swap;
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
    if (error == EOPNOTSUPP || error == ENOSYS) {  // slower, but every file system can
        do {
            error = ::posix_fallocate(descriptor, static_cast<off_t>(offset),
                                      static_cast<off_t>(bytes));
        } while (error == EINTR);
    }
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
