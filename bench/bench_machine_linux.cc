// SPDX-License-Identifier: Apache-2.0
// The facts about this machine, from /proc, /etc and the kernel.
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <string_view>

#include "bench/bench_rows.h"

namespace mapferry::bench {

namespace {

// The value behind `key` in the first line that begins with it; "unknown": there is no such line.
std::string value_in(const char* path, std::string_view key, std::string_view separators) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(key)) continue;
        const auto begin = line.find_first_not_of(separators, key.size());
        if (begin == std::string::npos) break;
        const auto end = line.find_last_not_of(separators);
        return line.substr(begin, end - begin + 1);
    }
    return "unknown";
}

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "g++ " __VERSION__;
#endif
}

unsigned usable_processors() {
    cpu_set_t allowed;
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return 0;
    return static_cast<unsigned>(CPU_COUNT(&allowed));
}

}  // namespace

Machine this_machine() {
    utsname names{};
    ::uname(&names);
    const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
    return {.cpu = value_in("/proc/cpuinfo", "model name", "\t :"),
            .processors = static_cast<unsigned>(::sysconf(_SC_NPROCESSORS_ONLN)),
            .usable_processors = usable_processors(),
            .memory_bytes = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
            .kernel = std::string(names.sysname) + " " + names.release,
            .compiler = compiler(),
            .distribution = value_in("/etc/os-release", "PRETTY_NAME=", "\"")};
}

}  // namespace mapferry::bench
