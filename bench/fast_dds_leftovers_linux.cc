// SPDX-License-Identifier: Apache-2.0
#include "bench/fast_dds_leftovers.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kPrefixes = {"fastrtps_", "fast_datasharing_",
                                                       "sem.fastrtps_"};
// File times are as coarse as the kernel's timer; a second is far more.
constexpr std::chrono::seconds kCoarseness{1};

bool is_of_fast_dds(const std::string& name) {
    return std::ranges::any_of(kPrefixes,
                               [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_ours_and_new(const fs::path& path, std::chrono::system_clock::time_point began) {
    struct stat facts = {};
    if (::lstat(path.c_str(), &facts) != 0 || facts.st_uid != ::geteuid()) return false;
    const auto oldest = std::chrono::system_clock::to_time_t(began - kCoarseness);
    return S_ISREG(facts.st_mode) && facts.st_ctim.tv_sec >= oldest;
}

// Fast-DDS locks NAME_el or NAME_sl as long as the owner of NAME lives. These files are not mapped.
bool is_lock(const std::string& name) {
    return name.ends_with("_el") || name.ends_with("_sl");
}

bool is_locked(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return true;
    const bool is_free = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    ::close(descriptor);
    return !is_free;
}

// The paths in /dev/shm that processes have mapped, as far as this user may know.
std::vector<std::string> mapped_paths() {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator one("/proc", error), end; one != end; one.increment(error)) {
        if (error) break;
        std::ifstream maps(one->path() / "maps");
        for (std::string line; std::getline(maps, line);)
            if (const auto at = line.find("/dev/shm/"); at != std::string::npos)
                paths.push_back(line.substr(at));
    }
    return paths;
}

}  // namespace

void remove_fast_dds_leftovers(std::chrono::system_clock::time_point began) {
    std::vector<fs::path> candidates;
    std::error_code error;
    for (fs::directory_iterator one("/dev/shm", error), end; one != end; one.increment(error)) {
        if (error) break;
        if (is_of_fast_dds(one->path().filename()) && is_ours_and_new(one->path(), began))
            candidates.push_back(one->path());
    }
    if (candidates.empty()) return;
    const std::vector<std::string> mapped = mapped_paths();
    for (const fs::path& path : candidates) {
        const bool is_used = is_lock(path.filename())
                                 ? is_locked(path)
                                 : std::ranges::count(mapped, path.string()) > 0;
        if (!is_used) fs::remove(path, error);
    }
}

}  // namespace mapferry::bench
