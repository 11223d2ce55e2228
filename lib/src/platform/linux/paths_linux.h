// SPDX-License-Identifier: Apache-2.0
// Where objects and temporaries live on Linux.
#pragma once

#include <string>
#include <string_view>

#include "mapferry/section_address.h"

namespace mapferry::inline v1::platform {

inline constexpr const char* kShmFolder = "/dev/shm";
inline constexpr std::string_view kShmPrefix = "mapferry.";
inline constexpr std::string_view kTemporaryPrefix = ".mapferry-new.";

// The object's path: /dev/shm/mapferry.NAME, or the backing file's, from the root on.
[[nodiscard]] std::string object_path(const SectionAddress& address);

// Folder and last component of a path; the folder of "name" is ".".
struct SplitPath {
    std::string folder;
    std::string name;
};
[[nodiscard]] SplitPath split_path(const std::string& path);

// "/proc/self/fd/N", or empty where /proc is missing. By this path a nameless file gets its name,
// and a pipe a second, non-blocking description.
[[nodiscard]] std::string descriptor_path(int descriptor);

// Whether a nameless file can get a name later: /proc is there, and no filter of system calls
// refuses linkat.
[[nodiscard]] bool can_be_named(int descriptor);

// Renames a file within a folder (a descriptor, or AT_FDCWD), unless the new name is taken. 0, or
// -1 and errno, which is EINVAL, ENOSYS or EPERM where the call is unknown or not let through.
[[nodiscard]] int rename_to_free_name(int folder, const std::string& from, const std::string& to);

// A name that no file in the same folder has.
[[nodiscard]] std::string temporary_name();

}  // namespace mapferry::inline v1::platform
