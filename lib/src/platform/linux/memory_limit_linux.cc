// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/memory_limit_linux.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>
#include <vector>

#include "platform/linux/descriptors_linux.h"

namespace mapferry::inline v1::platform {

namespace {

// In version 1 a number from here on means "no limit".
constexpr std::uint64_t kNoLimitBytes = std::uint64_t{1} << 60;

struct Version {
    const char* limit;
    const char* usage;
    const char* swap_limit;
    const char* swap_usage;
    const char* idle_pages;    // of files, in memory.stat
    const char* recent_pages;  // of files, in memory.stat
    bool swap_counts_memory;   // the swap's numbers are of memory and swap together
};
constexpr Version kVersion2{"memory.max",
                            "memory.current",
                            "memory.swap.max",
                            "memory.swap.current",
                            "inactive_file",
                            "active_file",
                            false};
constexpr Version kVersion1{"memory.limit_in_bytes",
                            "memory.usage_in_bytes",
                            "memory.memsw.limit_in_bytes",
                            "memory.memsw.usage_in_bytes",
                            "total_inactive_file",
                            "total_active_file",
                            true};

// A mounted cgroup file system that may limit memory. Its folder shows the cgroup `root`.
struct Mount {
    std::string folder;
    std::string root;
    const Version* version = nullptr;
};

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc()) return std::nullopt;  // "max"
    return number;
}

// The number that is a file's content.
std::optional<std::uint64_t> number_of(const std::string& path) {
    std::istringstream file(read_system_file(path.c_str()));
    std::string word;
    if (!(file >> word)) return std::nullopt;
    return number_in(word);
}

std::optional<std::uint64_t> limit_of(const std::string& path) {
    const auto limit = number_of(path);
    return limit && *limit < kNoLimitBytes ? limit : std::nullopt;
}

std::uint64_t minus(std::uint64_t all, std::uint64_t part) {
    return all - std::min(all, part);
}

bool has_item(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (list.substr(0, comma) == item) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

// "36 35 98:0 /root /folder rw,relatime shared:1 - cgroup2 cgroup2 rw,memory_recursiveprot"
std::optional<Mount> mount_in(const std::string& line) {
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
    if (kind == "cgroup2") mount.version = &kVersion2;
    if (kind == "cgroup" && has_item(options, "memory")) mount.version = &kVersion1;
    if (mount.version == nullptr) return std::nullopt;
    return mount;
}

std::vector<Mount> mounts_in(const std::string& path) {
    std::vector<Mount> mounts;
    std::istringstream file(read_system_file(path.c_str()));
    for (std::string line; std::getline(file, line);)
        if (auto mount = mount_in(line)) mounts.push_back(std::move(*mount));
    return mounts;
}

// The process's own cgroup in this hierarchy: "4:memory:/a/b", "0::/a/b".
std::optional<std::string> own_cgroup(const std::string& path, const Version* version) {
    std::istringstream file(read_system_file(path.c_str()));
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string_view controllers =
            std::string_view(line).substr(first + 1, second - first - 1);
        const bool found =
            version == &kVersion2 ? line.starts_with("0::") : has_item(controllers, "memory");
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

// Memory of files that would be given back: all that was not used lately, and half of the rest.
std::uint64_t reclaimable_bytes(const std::string& folder, const Version& version) {
    std::istringstream file(read_system_file((folder + "/memory.stat").c_str()));
    std::uint64_t bytes = 0;
    std::string name;
    for (std::uint64_t number = 0; file >> name >> number;) {
        if (name == version.idle_pages) bytes += number;
        if (name == version.recent_pages) bytes += number / 2;
    }
    return bytes;
}

std::optional<std::uint64_t> room_at(const std::string& folder, const Version& version,
                                     std::uint64_t swap_bytes) {
    const auto limit = limit_of(folder + "/" + version.limit);
    const auto usage = number_of(folder + "/" + version.usage);
    if (!limit || !usage) return std::nullopt;
    const std::uint64_t free = minus(*limit, *usage);
    if (const auto swap_limit = limit_of(folder + "/" + version.swap_limit)) {
        const std::uint64_t used = number_of(folder + "/" + version.swap_usage).value_or(0);
        const std::uint64_t left = minus(*swap_limit, used);
        swap_bytes = std::min(swap_bytes, version.swap_counts_memory ? minus(left, free) : left);
    }
    return free + std::min(reclaimable_bytes(folder, version), *usage) + swap_bytes;
}

}  // namespace

std::optional<std::uint64_t> cgroup_room_bytes(const std::string& root, std::uint64_t swap_bytes) {
    std::optional<std::uint64_t> least;
    for (const Mount& mount : mounts_in(root + "/proc/self/mountinfo")) {
        const auto cgroup = own_cgroup(root + "/proc/self/cgroup", mount.version);
        if (!cgroup) continue;
        std::string place = place_below(mount, *cgroup);
        while (true) {
            const auto room =
                room_at((root + mount.folder).append(place), *mount.version, swap_bytes);
            if (room) least = std::min(least.value_or(*room), *room);
            const std::size_t slash = place.rfind('/');
            if (slash == std::string::npos) break;
            place.resize(slash);
        }
    }
    return least;
}

}  // namespace mapferry::inline v1::platform
