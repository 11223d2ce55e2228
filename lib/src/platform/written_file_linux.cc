#include "platform/written_file_linux.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/paths_linux.h"

namespace mapferry::platform {

Result<void> write_all(int descriptor, std::span<const std::byte> bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
        if (put < 0) {
            if (errno == EINTR) continue;
            Status status = native_status("cannot write \"" + path + "\"");
            status.code = Code::kIo;
            return pass(std::move(status));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

int flush_errno(int descriptor) {
    int error = EINTR;
    while (error == EINTR)
        error = ::fsync(descriptor) == 0 ? 0 : errno;
    return error;
}

Result<void> apply_attributes(int descriptor, const FileAttributes& attributes,
                              const std::string& path) {
    if (attributes.permission_bits &&
        ::fchmod(descriptor, *attributes.permission_bits & 0777u) != 0)
        return pass(native_status("cannot set the permissions of \"" + path + "\""));
    if (!attributes.mtime_unix_ns) return {};
    constexpr std::int64_t kSecond = 1'000'000'000;
    std::int64_t seconds = *attributes.mtime_unix_ns / kSecond;
    std::int64_t rest = *attributes.mtime_unix_ns % kSecond;
    if (rest < 0) {  // before 1970: nanoseconds still count forward
        rest += kSecond;
        --seconds;
    }
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                               {.tv_sec = seconds, .tv_nsec = rest}};
    if (::futimens(descriptor, times) != 0)
        return pass(native_status("cannot set the time of \"" + path + "\""));
    return {};
}

Result<std::optional<std::uint32_t>> examine_existing(const std::string& path,
                                                      const std::optional<FileIdentity>& source) {
    const std::string what = "\"" + path + "\"";
    const std::string name = split_path(path).name;
    if (name.empty() || name == "." || name == "..")
        return fail(Code::kCannotCreate, what + " is not a file name");
    struct stat facts{};
    if (::lstat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT) return std::nullopt;
        Status status = native_status("cannot create " + what);
        if (status.code == Code::kNotFound) status.code = Code::kCannotCreate;
        return pass(std::move(status));
    }
    if (!S_ISREG(facts.st_mode))
        return fail(Code::kCannotCreate, what + " exists and is not a regular file",
                    "to write to a device or a pipe, use -o - and redirect");
    if (source && *source == FileIdentity{.device = facts.st_dev, .file = {facts.st_ino, 0}})
        return fail(Code::kCannotCreate, what + " is the very file that is being sent");
    return facts.st_mode & 0777u;
}

}  // namespace mapferry::platform
