// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "platform/handle.h"
#include "support/sparse_file.h"
#include "support/test_bytes.h"

namespace mapferry::testing {

void make_islands(const std::string& path, std::uint64_t count, const Islands& islands) {
    make_sparse_file(path, count);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (const Island& island : islands) {
        const Bytes bytes = random_bytes(static_cast<std::size_t>(island.bytes), island.begin + 1);
        file.seekp(static_cast<std::streamoff>(island.begin));
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

Islands stored_parts(const std::string& path) {
    const platform::Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const int descriptor = static_cast<int>(file.get());
    if (descriptor < 0) throw std::runtime_error("cannot open " + path);
    Islands parts;
    off_t end = 0;
    while (true) {
        const off_t begin = ::lseek(descriptor, end, SEEK_DATA);
        if (begin < 0) return parts;
        end = ::lseek(descriptor, begin, SEEK_HOLE);
        parts.push_back({.begin = static_cast<std::uint64_t>(begin),
                         .bytes = static_cast<std::uint64_t>(end - begin)});
    }
}

std::uint64_t space_of(const std::string& path) {
    constexpr std::uint64_t kBlockBytes = 512;
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0) throw std::runtime_error("cannot examine " + path);
    return static_cast<std::uint64_t>(facts.st_blocks) * kBlockBytes;
}

}  // namespace mapferry::testing
