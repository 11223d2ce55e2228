// SPDX-License-Identifier: Apache-2.0
// The cgroups that this process belongs to, in version 2 and 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::inline v1::platform {

enum class Hierarchy : std::uint8_t { kUnified, kOfOneController };  // version 2, version 1

struct CgroupFolder {
    std::string path;
    Hierarchy hierarchy = Hierarchy::kUnified;
};

// The folders, in mounted cgroup file systems, of all cgroups with the controller ("memory", "cpu")
// from this process's own up. Only those that can be seen: a container often hides the others.
// `root` is put before /proc and before each mounted folder: empty, or a test's folder.
[[nodiscard]] std::vector<CgroupFolder> cgroup_folders(const std::string& root,
                                                       std::string_view controller);

}  // namespace mapferry::inline v1::platform
