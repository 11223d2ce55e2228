// SPDX-License-Identifier: Apache-2.0
// Which bytes of a shared object are there, and the memory that it takes.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "platform/byte_range.h"
#include "platform/native_error.h"
#include "platform/shared_object.h"
#include "platform/space.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kStatBlockBytes = 512;  // the unit of st_blocks

// Other file systems leave zeros out where they compress, or give no answer.
bool knows_its_holes(int descriptor) {
    constexpr std::array<std::uint32_t, 5> kKnown = {TMPFS_MAGIC, EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,
                                                     BTRFS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC};
    struct statfs facts{};
    if (::fstatfs(descriptor, &facts) != 0) return false;
    return std::ranges::find(kKnown, static_cast<std::uint32_t>(facts.f_type)) != kKnown.end();
}

// Where the next hole (SEEK_HOLE) or the next bytes (SEEK_DATA) from `offset` on begin, at most
// `end`.
std::uint64_t next_range_of(int descriptor, int what, std::uint64_t offset, std::uint64_t end) {
    const off_t found = ::lseek(descriptor, static_cast<off_t>(offset), what);
    // ENXIO: only a hole follows. After any other error all bytes count as written.
    if (found < 0) return (errno == ENXIO) == (what == SEEK_DATA) ? end : offset;
    return std::min(static_cast<std::uint64_t>(found), end);
}

// The number of bytes in the range that are no hole.
std::uint64_t written_bytes(int descriptor, const ByteRange& range) {
    std::uint64_t written = 0;
    std::uint64_t at = range.begin;
    while (at < range.end) {
        const std::uint64_t begin = next_range_of(descriptor, SEEK_DATA, at, range.end);
        at = next_range_of(descriptor, SEEK_HOLE, begin, range.end);
        written += at - begin;
    }
    return written;
}

}  // namespace

Result<ByteRange> present_bytes(const SharedObject& object, const ByteRange& wanted,
                                Unwritten unwritten) {
    const int descriptor = static_cast<int>(object.handle.get());
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    const ByteRange all{.begin = 0, .end = static_cast<std::uint64_t>(facts.st_size)};
    const std::uint64_t taken = static_cast<std::uint64_t>(facts.st_blocks) * kStatBlockBytes;
    if (taken >= all.end || !knows_its_holes(descriptor)) return all;
    const std::uint64_t end = next_range_of(descriptor, SEEK_HOLE, wanted.begin, all.end);
    if (end >= wanted.end || unwritten == Unwritten::kIsAHole)
        return ByteRange{.begin = wanted.begin, .end = end};
    // The hole may be space that was reserved and never written. A file takes more blocks than its
    // written bytes need only for such space, so the difference must cover what is missing.
    const std::uint64_t written = written_bytes(descriptor, {.begin = 0, .end = all.end});
    const std::uint64_t missing =
        wanted.end - end - written_bytes(descriptor, {.begin = end, .end = wanted.end});
    const bool is_reserved = taken > written && taken - written >= missing;
    return ByteRange{.begin = wanted.begin, .end = is_reserved ? wanted.end : end};
}

Result<std::uint64_t> used_bytes(const SharedObject& object) {
    struct stat facts{};
    if (::fstat(static_cast<int>(object.handle.get()), &facts) != 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(facts.st_blocks) * kStatBlockBytes;
}

}  // namespace mapferry::inline v1::platform
