// SPDX-License-Identifier: Apache-2.0
#include "platform/processors.h"

#include <sched.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <thread>

#include "base/checked_math.h"
#include "platform/linux/cgroups_linux.h"
#include "platform/linux/descriptors_linux.h"
#include "platform/linux/processor_limit_linux.h"

namespace mapferry::inline v1::platform {

namespace {

// The most processors that Linux can be built for.
constexpr int kProcessorsMax = 8192;

struct FreeSet {
    void operator()(cpu_set_t* set) const { CPU_FREE(set); }
};

std::optional<std::size_t> affinity_processors() {
    const std::unique_ptr<cpu_set_t, FreeSet> set(CPU_ALLOC(kProcessorsMax));
    const std::size_t bytes = CPU_ALLOC_SIZE(kProcessorsMax);
    if (!set || ::sched_getaffinity(0, bytes, set.get()) != 0) return std::nullopt;
    return static_cast<std::size_t>(CPU_COUNT_S(bytes, set.get()));
}

// The file's first two numbers, as a share. A quota that is no number ("max", "-1") is no limit.
std::optional<std::size_t> processors_of(const std::string& text) {
    std::istringstream words(text);
    std::int64_t quota_us = 0;
    std::int64_t period_us = 0;
    if (!(words >> quota_us >> period_us) || quota_us <= 0 || period_us <= 0) return std::nullopt;
    return static_cast<std::size_t>(
        divide_up(static_cast<std::uint64_t>(quota_us), static_cast<std::uint64_t>(period_us)));
}

std::optional<std::size_t> limit_at(const CgroupFolder& folder) {
    const auto content = [&folder](const char* file) {
        return read_system_file((folder.path + file).c_str());
    };
    if (folder.hierarchy == Hierarchy::kUnified) return processors_of(content("/cpu.max"));
    return processors_of(content("/cpu.cfs_quota_us") + " " + content("/cpu.cfs_period_us"));
}

}  // namespace

std::optional<std::size_t> cgroup_processors(const std::string& root) {
    std::optional<std::size_t> least;
    for (const CgroupFolder& folder : cgroup_folders(root, "cpu"))
        if (const auto limit = limit_at(folder)) least = std::min(least.value_or(*limit), *limit);
    return least;
}

std::size_t usable_processors() {
    const std::size_t processors =
        affinity_processors().value_or(std::thread::hardware_concurrency());
    return std::max<std::size_t>(std::min(processors, cgroup_processors({}).value_or(processors)),
                                 1);
}

}  // namespace mapferry::inline v1::platform
