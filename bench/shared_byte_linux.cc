// SPDX-License-Identifier: Apache-2.0
#include "bench/shared_byte.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "bench/give_up.h"

namespace mapferry::bench {

namespace {

struct Place {
    std::string path;
    off_t offset = 0;
};

// A line of maps: "begin-end rights offset device inode path".
Place place_of(std::uintptr_t address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        unsigned long offset = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %*s %lx", &begin, &end, &offset) != 3) continue;
        if (address < begin || address >= end) continue;
        const auto path = line.find('/');
        if (path == std::string::npos) break;
        return {line.substr(path), static_cast<off_t>(offset + (address - begin))};
    }
    give_up("the frame lies in no shared memory");
}

}  // namespace

void change_shared_byte(const std::byte* at) {
    const Place place = place_of(reinterpret_cast<std::uintptr_t>(at));
    const int descriptor = ::open(place.path.c_str(), O_WRONLY | O_CLOEXEC);
    const std::byte changed = *at ^ std::byte{1};
    if (descriptor < 0 || ::pwrite(descriptor, &changed, 1, place.offset) != 1)
        give_up("can't change a byte of " + place.path);
    ::close(descriptor);
}

}  // namespace mapferry::bench
