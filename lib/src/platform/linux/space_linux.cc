// SPDX-License-Identifier: Apache-2.0
// Space for shared objects: how much there is, and taking it before it is touched. If there is no
// memory for a page of a sparse tmpfs file, the process that touches it is killed (SIGBUS);
// fallocate turns that into an ordinary error.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <sstream>
#include <string_view>

#include "base/try.h"
#include "format/layout.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/held_signal_linux.h"
#include "platform/linux/memory_limit_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/space_linux.h"
#include "platform/native_error.h"
#include "platform/shared_object.h"
#include "platform/space.h"

namespace mapferry::inline v1::platform {

namespace {

// Reservations that add up to the first number ask the cgroups. They leave the second number for
// everything else that the process does meanwhile.
constexpr std::uint64_t kAskCgroupBytes = std::uint64_t{4} << 20;
constexpr std::uint64_t kCgroupSpareBytes = std::uint64_t{1} << 20;

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

struct MachineMemory {
    std::optional<std::uint64_t> available_bytes;  // without swapping others out
    std::uint64_t swap_bytes = 0;                  // free
};

MachineMemory machine_memory() {
    std::istringstream lines(read_system_file("/proc/meminfo"));
    MachineMemory memory;
    for (std::string line; std::getline(lines, line);) {
        if (const auto bytes = value_of(line, "MemAvailable:")) memory.available_bytes = bytes;
        if (const auto bytes = value_of(line, "SwapFree:")) memory.swap_bytes = *bytes;
    }
    return memory;
}

constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

// The memory that the cgroups leave for an object.
std::uint64_t cgroup_room() {
    return cgroup_room_bytes({}, machine_memory().swap_bytes).value_or(kNoLimit);
}

// Whether files there take memory, and not a disk. The path is a folder's or an object's.
bool is_memory(const std::string& path) {
    struct statfs facts{};
    if (::statfs(path.c_str(), &facts) != 0) return false;
    // An int on 32 bits, where the second number is negative.
    const auto type = static_cast<std::uint32_t>(facts.f_type);
    return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
}

int fallocate_errno(int descriptor, std::uint64_t offset, std::uint64_t bytes) {
    int error = EINTR;
    while (error == EINTR)
        error =
            ::fallocate(descriptor, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) == 0
                ? 0
                : errno;
    return error;
}

// The same, page by page. It is slower, but every file system can do it, and no filter refuses it.
// Writes back the bytes that are there, in a part that no other process writes. Zero or errno.
int write_pages_errno(int descriptor, std::uint64_t offset, std::uint64_t bytes) {
    const std::uint64_t end = offset + bytes;
    // The first byte of the range, then of each page in it: no byte outside is written.
    for (std::uint64_t next = offset; next < end;
         next = (next / layout::kPageBytes + 1) * layout::kPageBytes) {
        char byte = 0;
        const auto at = static_cast<off_t>(next);
        ssize_t done = -1;
        do {
            done = ::pread(descriptor, &byte, 1, at);
            if (done >= 0) done = ::pwrite(descriptor, &byte, 1, at);
        } while (done < 0 && errno == EINTR);
        if (done < 0) return errno;
    }
    return 0;
}

// The memory that this process could still take, and whether its cgroup is what limits it.
struct AvailableMemory {
    std::optional<std::uint64_t> bytes = {};
    bool by_cgroup = false;
};

AvailableMemory available_memory() {
    const MachineMemory memory = machine_memory();
    const auto room = cgroup_room_bytes({}, memory.swap_bytes);
    if (!memory.available_bytes) return {.bytes = room, .by_cgroup = room.has_value()};
    const std::uint64_t available = *memory.available_bytes + memory.swap_bytes;
    if (room && *room <= available) return {.bytes = room, .by_cgroup = true};
    return {.bytes = available};
}

// The same for a file system. All numbers are from one look, because they change.
struct BoundedSpace {
    Space space;
    bool by_cgroup = false;
};

Result<BoundedSpace> bounded_space(const SectionAddress& address) {
    const std::string folder = split_path(object_path(address)).folder;
    struct statvfs facts{};
    if (::statvfs(folder.c_str(), &facts) != 0) {
        Status status = native_status("cannot examine " + in_quotes(folder));
        if (address.backing_path.empty()) status.remedy = Remedy::kUseBackingFile;
        return std::unexpected(std::move(status));
    }
    Space space{.total_bytes = facts.f_blocks * facts.f_frsize,
                .free_bytes = facts.f_bavail * facts.f_frsize};
    if (!is_memory(folder)) return BoundedSpace{.space = space};
    // A tmpfs may promise more than the machine has.
    const AvailableMemory memory = available_memory();
    if (!memory.bytes) return BoundedSpace{.space = space};
    const bool unlimited = space.total_bytes == 0;  // as it was mounted
    if (!unlimited && space.free_bytes < *memory.bytes) return BoundedSpace{.space = space};
    if (unlimited) space.total_bytes = *memory.bytes;
    space.free_bytes = *memory.bytes;
    return BoundedSpace{.space = space, .by_cgroup = memory.by_cgroup};
}

}  // namespace

Result<void> check_limits(const SharedObject& object, std::uint64_t bytes) {
    static std::atomic<std::uint64_t> unasked_bytes = 0;
    SectionAddress address = object.address;
    if (!address.backing_path.empty()) address.backing_path = object.path;
    if (bytes >= kCheckFirstBytes) {
        const auto space = space_at(address);
        if (space && space->free_bytes < bytes)
            return std::unexpected(out_of_space(address, bytes));
    }
    // relaxed: a sum of this process for itself
    const std::uint64_t unasked = unasked_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (unasked < kAskCgroupBytes) return {};
    unasked_bytes.store(0, std::memory_order_relaxed);  // relaxed: as above
    if (!is_memory(split_path(object.path).folder)) return {};
    if (cgroup_room() < bytes + kCgroupSpareBytes)
        return std::unexpected(out_of_space(address, bytes));
    return {};
}

Result<void> taken_or_error(const SharedObject& object, std::uint64_t bytes, int error) {
    if (error == 0) return {};
    if (error == ENOSPC || error == EDQUOT)
        return std::unexpected(out_of_space(object.address, bytes));
    Status status = native_status(
        "cannot reserve " + format_bytes(bytes) + " for " + to_string(object.address), error);
    if (error == EFBIG || error == ENOMEM) status.code = Code::kIo;
    return std::unexpected(std::move(status));
}

Result<void> reserve(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes) {
    if (bytes == 0) return {};
    TRY(check_limits(object, bytes));
    const int descriptor = static_cast<int>(object.handle.get());
    const HeldSignal held(SIGXFSZ);
    int error = fallocate_errno(descriptor, offset, bytes);
    if (error == EOPNOTSUPP || error == ENOSYS || error == EPERM)
        error = write_pages_errno(descriptor, offset, bytes);
    return taken_or_error(object, bytes, error);
}

bool holes_take_memory() {
    return false;
}

bool release_memory(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes) {
    constexpr int kHole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    const int descriptor = static_cast<int>(object.handle.get());
    return ::fallocate(descriptor, kHole, static_cast<off_t>(offset), static_cast<off_t>(bytes)) ==
           0;
}

Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes) {
    const bool shm = address.backing_path.empty();
    const std::string folder = split_path(object_path(address)).folder;
    const std::string where = shm ? std::string(kShmFolder) : in_quotes(folder);
    const auto bounded = bounded_space(address);
    const std::string left = bounded ? format_bytes(bounded->space.free_bytes) : "less";
    std::string message = to_string(address) + " needs " + format_bytes(needed_bytes) + " more, ";
    if (bounded && bounded->by_cgroup)
        return Status{
            Code::kIo,
            message + "the memory limit of this process (cgroup) leaves " + left + " free",
            "raise the limit (docker run --memory=2g; systemd-run -p MemoryMax=2g)", ENOSPC,
            Remedy::kUseBackingFile};
    message += where + " has " + left + " free";
    return Status{
        Code::kIo, std::move(message),
        shm ? "enlarge " + where + " (docker run --shm-size=1g; mount -o remount,size=1g /dev/shm)"
            : "free some space",
        ENOSPC, shm ? Remedy::kUseBackingFile : Remedy::kOtherBackingFolder};
}

Result<Space> space_at(const SectionAddress& address) {
    TRY_ASSIGN(auto bounded, bounded_space(address));
    return bounded.space;
}

std::optional<std::uint64_t> available_memory_bytes() {
    return available_memory().bytes;
}

}  // namespace mapferry::inline v1::platform
