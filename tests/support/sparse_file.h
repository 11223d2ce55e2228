// SPDX-License-Identifier: Apache-2.0
// Makes files with holes, and shows which parts of a file are stored. Linux.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mapferry::testing {

struct Island {
    std::uint64_t begin = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const Island&, const Island&) = default;
};
using Islands = std::vector<Island>;

// Makes a file of `count` bytes: random bytes on the islands, holes elsewhere.
void make_islands(const std::string& path, std::uint64_t count, const Islands& islands);

// The parts of the file that the file system stores.
[[nodiscard]] Islands stored_parts(const std::string& path);

// The space that the file takes.
[[nodiscard]] std::uint64_t space_of(const std::string& path);

}  // namespace mapferry::testing
