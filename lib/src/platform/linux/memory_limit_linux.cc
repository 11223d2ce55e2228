// SPDX-License-Identifier: Apache-2.0
#include "platform/linux/memory_limit_linux.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>

#include "platform/linux/cgroups_linux.h"
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

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc()) return std::nullopt;  // "max"
    return number;
}

// The number that is a file's content.
std::optional<std::uint64_t> number_in_file(const std::string& path) {
    std::istringstream file(read_system_file(path.c_str()));
    std::string word;
    if (!(file >> word)) return std::nullopt;
    return number_in(word);
}

std::optional<std::uint64_t> limit_of(const std::string& path) {
    const auto limit = number_in_file(path);
    return limit && *limit < kNoLimitBytes ? limit : std::nullopt;
}

std::uint64_t minus(std::uint64_t all, std::uint64_t part) {
    return all - std::min(all, part);
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
    const auto usage = number_in_file(folder + "/" + version.usage);
    if (!limit || !usage) return std::nullopt;
    const std::uint64_t free = minus(*limit, *usage);
    if (const auto swap_limit = limit_of(folder + "/" + version.swap_limit)) {
        const std::uint64_t used = number_in_file(folder + "/" + version.swap_usage).value_or(0);
        const std::uint64_t left = minus(*swap_limit, used);
        swap_bytes = std::min(swap_bytes, version.swap_counts_memory ? minus(left, free) : left);
    }
    return free + std::min(reclaimable_bytes(folder, version), *usage) + swap_bytes;
}

}  // namespace

std::optional<std::uint64_t> cgroup_room_bytes(const std::string& root, std::uint64_t swap_bytes) {
    std::optional<std::uint64_t> least;
    for (const CgroupFolder& folder : cgroup_folders(root, "memory")) {
        const Version& version = folder.hierarchy == Hierarchy::kUnified ? kVersion2 : kVersion1;
        const auto room = room_at(folder.path, version, swap_bytes);
        if (room) least = std::min(least.value_or(*room), *room);
    }
    return least;
}

}  // namespace mapferry::inline v1::platform
