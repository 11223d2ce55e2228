// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>

#include "support/physical_page.h"

namespace mapferry::testing {

namespace {

// Linux, admin-guide/mm/pagemap: one 64-bit word for each page, bit 63 "present", bits 0 to 54 the
// frame's number, which reads as zero without the privilege to see it.
std::uint64_t frame_number(std::uintptr_t address) {
    const int file = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    std::uint64_t word = 0;
    const auto offset = static_cast<off_t>(address / page_bytes() * sizeof(word));
    const ssize_t got = ::pread(file, &word, sizeof(word), offset);
    ::close(file);
    if (got != sizeof(word) || (word >> 63) == 0) return 0;
    return word & ((std::uint64_t{1} << 55) - 1);
}

// "shared DEVICE:INODE page N" from /proc/self/maps (proc(5)); empty for private memory.
std::string file_page(std::uintptr_t address) {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line)) {
        std::istringstream words(line);
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        std::uint64_t offset = 0;
        char dash = 0;
        std::string mode;
        std::string device;
        std::string inode;
        words >> std::hex >> begin >> dash >> end >> mode >> offset >> device >> inode;
        if (!words || address < begin || address >= end) continue;
        if (mode.back() != 's') return {};
        const std::uint64_t page = (offset + (address - begin)) / page_bytes();
        std::string text = "shared ";
        text.append(device).append(":").append(inode).append(" page ");
        return text.append(std::to_string(page));
    }
    return {};
}

}  // namespace

std::size_t page_bytes() {
    return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::string physical_page(const void* address) {
    const auto number = reinterpret_cast<std::uintptr_t>(address);
    std::string page = file_page(number);
    const std::uint64_t frame = frame_number(number);
    if (page.empty() || frame == 0) return page;
    return page + ", frame " + std::to_string(frame);
}

}  // namespace mapferry::testing
