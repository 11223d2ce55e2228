// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/paths_linux.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "platform/clock.h"
#include "platform/place.h"
#include "platform/shared_object.h"

namespace mapferry::inline v1::platform {

SectionAddress fixed_address(const SectionAddress& address) {
    SectionAddress fixed = address;
    if (address.backing_path.empty() || address.backing_path.starts_with('/')) return fixed;
    std::error_code error;
    const std::string folder = std::filesystem::current_path(error).string();
    // Without a current folder (it was removed) only the relative path can lead anywhere.
    if (!error) fixed.backing_path = folder + "/" + address.backing_path;
    return fixed;
}

bool has_windows_names() {
    return false;
}

std::string object_path(const SectionAddress& address) {
    if (!address.backing_path.empty()) return fixed_address(address).backing_path;
    return std::string(kShmFolder) + "/" + std::string(kShmPrefix) + address.name;
}

SplitPath split_path(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {".", path};
    return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string descriptor_path(int descriptor) {
    std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    return ::access(path.c_str(), F_OK) == 0 ? path : std::string();
}

bool can_be_named(int descriptor) {
    if (descriptor_path(descriptor).empty()) return false;
    // A call with empty names fails with ENOENT, unless it is not let through.
    return ::linkat(AT_FDCWD, "", AT_FDCWD, "", 0) != 0 && errno == ENOENT;
}

// musl has no function for this call.
int rename_to_free_name(int folder, const std::string& from, const std::string& to) {
    return static_cast<int>(
        ::syscall(SYS_renameat2, folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE));
}

std::string temporary_name() {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string name(kTemporaryPrefix);
    for (std::uint64_t value = random_u64(), i = 0; i < 16; ++i, value >>= 4)
        name += kDigits[value & 15];
    return name;
}

}  // namespace mapferry::inline v1::platform
