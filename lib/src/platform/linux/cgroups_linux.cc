// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/cgroups_linux.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "platform/linux/descriptors_linux.h"

namespace mapferry::inline v1::platform {

namespace {

// A mounted cgroup file system. Its folder shows the cgroup `root`.
struct Mount {
    std::string folder;
    std::string root;
    Hierarchy hierarchy = Hierarchy::kUnified;
};

bool has_item(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (list.substr(0, comma) == item) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

// "36 35 98:0 /root /folder rw,relatime shared:1 - cgroup2 cgroup2 rw,memory_recursiveprot"
std::optional<Mount> mount_in(const std::string& line, std::string_view controller) {
    std::istringstream words(line);
    std::string skipped;
    Mount mount;
    words >> skipped >> skipped >> skipped >> mount.root >> mount.folder;
    while (words >> skipped && skipped != "-") {
    }
    std::string kind;
    std::string source;
    std::string options;
    words >> kind >> source >> options;
    if (kind == "cgroup2") return mount;
    if (kind != "cgroup" || !has_item(options, controller)) return std::nullopt;
    mount.hierarchy = Hierarchy::kOfOneController;
    return mount;
}

std::vector<Mount> mounts_in(const std::string& path, std::string_view controller) {
    std::vector<Mount> mounts;
    std::istringstream file(read_system_file(path.c_str()));
    for (std::string line; std::getline(file, line);)
        if (auto mount = mount_in(line, controller)) mounts.push_back(std::move(*mount));
    return mounts;
}

// The process's own cgroup in this hierarchy: "4:memory:/a/b", "0::/a/b".
std::optional<std::string> own_cgroup(const std::string& path, Hierarchy hierarchy,
                                      std::string_view controller) {
    std::istringstream file(read_system_file(path.c_str()));
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string_view controllers =
            std::string_view(line).substr(first + 1, second - first - 1);
        const bool found = hierarchy == Hierarchy::kUnified ? line.starts_with("0::")
                                                            : has_item(controllers, controller);
        if (found) return line.substr(second + 1);
    }
    return std::nullopt;
}

// The cgroup's path below the mount's folder. In a container this path is often cut off, and the
// folder itself is the nearest cgroup that can be seen.
std::string place_below(const Mount& mount, const std::string& cgroup) {
    if (mount.root == "/") return cgroup == "/" ? std::string() : cgroup;
    const bool below = cgroup.starts_with(mount.root) && cgroup.size() > mount.root.size() &&
                       cgroup[mount.root.size()] == '/';
    return below ? cgroup.substr(mount.root.size()) : std::string();
}

}  // namespace

std::vector<CgroupFolder> cgroup_folders(const std::string& root, std::string_view controller) {
    std::vector<CgroupFolder> folders;
    for (const Mount& mount : mounts_in(root + "/proc/self/mountinfo", controller)) {
        const auto cgroup = own_cgroup(root + "/proc/self/cgroup", mount.hierarchy, controller);
        if (!cgroup) continue;
        std::string place = place_below(mount, *cgroup);
        while (true) {
            folders.push_back(
                {.path = (root + mount.folder).append(place), .hierarchy = mount.hierarchy});
            const std::size_t slash = place.rfind('/');
            if (slash == std::string::npos) break;
            place.resize(slash);
        }
    }
    return folders;
}

}  // namespace mapferry::inline v1::platform
