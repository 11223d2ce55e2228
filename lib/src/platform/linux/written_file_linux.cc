// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/written_file_linux.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <limits>

#include "base/fail.h"
#include "mapferry/printable_text.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/held_signal_linux.h"
#include "platform/linux/paths_linux.h"
#include "platform/linux/role_lock_linux.h"
#include "platform/native_error.h"

namespace mapferry::inline v1::platform {

Result<void> write_all(int descriptor, std::span<const std::byte> bytes, const std::string& path) {
    const HeldSignal held(SIGXFSZ);
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
        if (put < 0) {
            if (errno == EINTR) continue;
            Status status = native_status("cannot write " + in_quotes(path));
            status.code = Code::kIo;
            return std::unexpected(std::move(status));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

namespace {

std::unexpected<Status> cannot_write(const std::string& path, int error) {
    Status status = native_status("cannot write " + in_quotes(path), error);
    status.code = Code::kIo;
    return std::unexpected(std::move(status));
}

int cut_errno(int descriptor, off_t end) {
    const HeldSignal held(SIGXFSZ);
    int error = EINTR;
    while (error == EINTR)
        error = ::ftruncate(descriptor, end) == 0 ? 0 : errno;
    return error;
}

}  // namespace

Result<bool> leave_hole(int descriptor, std::uint64_t bytes, const std::string& path) {
    constexpr int kHole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    constexpr off_t kPageBytes = 4096;
    struct stat facts{};
    const off_t begin = ::lseek(descriptor, 0, SEEK_CUR);
    if (begin < 0 || ::fstat(descriptor, &facts) != 0) return false;
    const auto begins = static_cast<std::uint64_t>(begin);
    if (bytes > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max()) - begins)
        return cannot_write(path, EFBIG);
    const off_t end = begin + static_cast<off_t>(bytes);
    // Includes the rest of the file's last page, which a hole of a part of it would leave there.
    const off_t page_end = (facts.st_size + kPageBytes - 1) / kPageBytes * kPageBytes;
    const off_t old_end = facts.st_size <= end ? page_end : end;
    if (facts.st_size > begin && ::fallocate(descriptor, kHole, begin, old_end - begin) != 0)
        return false;
    if (::lseek(descriptor, end, SEEK_SET) < 0) return cannot_write(path, EFBIG);
    return true;
}

Result<void> end_at_position(int descriptor, Rest rest, const std::string& path) {
    struct stat facts{};
    const off_t end = ::lseek(descriptor, 0, SEEK_CUR);
    if (end < 0 || ::fstat(descriptor, &facts) != 0) return cannot_write(path, errno);
    if (facts.st_size == end || (facts.st_size > end && rest == Rest::kStay)) return {};
    const int error = cut_errno(descriptor, end);
    if (error == 0) return {};
    return std::unexpected(native_status(
        "cannot make " + in_quotes(path) + " " + std::to_string(end) + " bytes long", error));
}

int flush_errno(int descriptor) {
    int error = EINTR;
    while (error == EINTR)
        error = ::fsync(descriptor) == 0 ? 0 : errno;
    return error;
}

namespace {

enum class TimeSet : std::uint8_t { kAsGiven, kOutOfRange, kRefused };

// File systems with few bits for a time take the nearest one that they have, and report nothing.
TimeSet set_time(int descriptor, const timespec& time) {
    constexpr std::int64_t kStepSeconds = 2;  // of the coarsest file system
    struct stat before{};
    struct stat after{};
    if (::fstat(descriptor, &before) != 0) return TimeSet::kRefused;
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, time};
    if (::futimens(descriptor, times) != 0)
        return errno == EINVAL || errno == ERANGE || errno == EOVERFLOW ? TimeSet::kOutOfRange
                                                                        : TimeSet::kRefused;
    if (::fstat(descriptor, &after) != 0) return TimeSet::kRefused;
    if (std::abs(after.st_mtim.tv_sec - time.tv_sec) <= kStepSeconds) return TimeSet::kAsGiven;
    const timespec old[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, before.st_mtim};
    return ::futimens(descriptor, old) == 0 ? TimeSet::kOutOfRange : TimeSet::kRefused;
}

}  // namespace

Result<std::string> apply_attributes(int descriptor, const FileAttributes& attributes,
                                     const std::string& path) {
    if (attributes.permission_bits &&
        ::fchmod(descriptor, *attributes.permission_bits & 0777u) != 0)
        return std::unexpected(native_status("cannot set the permissions of " + in_quotes(path)));
    if (!attributes.mtime_unix_ns) return std::string();
    constexpr std::int64_t kSecond = 1'000'000'000;
    std::int64_t seconds = *attributes.mtime_unix_ns / kSecond;
    std::int64_t rest = *attributes.mtime_unix_ns % kSecond;
    if (rest < 0) {  // before 1970: nanoseconds still count forward
        rest += kSecond;
        --seconds;
    }
    switch (set_time(
        descriptor, {.tv_sec = static_cast<time_t>(seconds), .tv_nsec = static_cast<long>(rest)})) {
        case TimeSet::kAsGiven:
            return std::string();
        case TimeSet::kOutOfRange:
            return in_quotes(path) +
                   " has the time of its arrival: its file system can't hold the " + "source's";
        case TimeSet::kRefused:
            break;
    }
    return std::unexpected(native_status("cannot set the time of " + in_quotes(path)));
}

std::unexpected<Status> section_in_use(const std::string& what) {
    return fail(Code::kCannotCreate, what + " is a section that is in use",
                "name another file: writing here would destroy the section");
}

// Why an existing file can't be an output.
std::unexpected<Status> no_regular_file(const std::string& path, const struct stat& facts) {
    const std::string what = in_quotes(path);
    if (!S_ISLNK(facts.st_mode))
        return fail(Code::kCannotCreate, what + " exists and is not a regular file",
                    Remedy::kUseStandardOutput);
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    const std::string_view leads_to(target.data(),
                                    static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    return fail(Code::kCannotCreate, what + " is a symbolic link",
                "name the file that it leads to, " + in_quotes(leads_to) + ", or remove the link");
}

Result<std::optional<struct stat>> examine_existing(const std::string& path,
                                                    const std::optional<FileIdentity>& source) {
    const std::string what = in_quotes(path);
    const std::string name = split_path(path).name;
    if (name.empty() || name == "." || name == "..")
        return fail(Code::kCannotCreate, what + " is not a file name");
    struct stat facts{};
    if (::lstat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT) return std::nullopt;
        Status status = native_status("cannot create " + what);
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        return std::unexpected(std::move(status));
    }
    if (!S_ISREG(facts.st_mode)) return no_regular_file(path, facts);
    if (source && *source == FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}})
        return fail(Code::kCannotCreate, what + " is the very file that is being sent");
    // A file that can't be opened for reading is no section of this user's.
    const Handle existing = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (existing.valid() && is_used_section(static_cast<int>(existing.get())))
        return section_in_use(what);
    return facts;
}

}  // namespace mapferry::inline v1::platform
