#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>

#include "support/physical_page.h"

namespace mapferry::testing {

namespace {

constexpr std::uint64_t kPageBytes = 4096;

// Linux, admin-guide/mm/pagemap: one 64-bit word for each page, bit 63 "present", bits 0 to 54 the
// frame's number, which is zero for those who may not know it.
std::uint64_t frame_number(std::uintptr_t address) {
    const int file = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    std::uint64_t word = 0;
    const auto offset = static_cast<off_t>(address / kPageBytes * sizeof(word));
    const ssize_t got = ::pread(file, &word, sizeof(word), offset);
    ::close(file);
    if (got != sizeof(word) || (word >> 63) == 0) return 0;
    return word & ((std::uint64_t{1} << 55) - 1);
}

// "shared DEVICE:INODE page N" from /proc/self/maps; empty for private memory.
std::string file_page(std::uintptr_t address) {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line)) {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        std::uint64_t offset = 0;
        std::uint64_t inode = 0;
        char mode[5] = {};
        char device[16] = {};
        const int read =
            std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %15s %" SCNu64,
                        &begin, &end, mode, &offset, device, &inode);
        if (read != 6 || address < begin || address >= end) continue;
        if (mode[3] != 's') return {};
        const std::uint64_t page = (offset + (address - begin)) / kPageBytes;
        return "shared " + std::string(device) + ":" + std::to_string(inode) + " page " +
               std::to_string(page);
    }
    return {};
}

}  // namespace

std::string physical_page(const void* address) {
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    const std::string page = file_page(number);
    const std::uint64_t frame = frame_number(number);
    if (page.empty() || frame == 0) return page;
    return page + ", frame " + std::to_string(frame);
}

}  // namespace mapferry::testing
