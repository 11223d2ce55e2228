// SPDX-License-Identifier: Apache-2.0
// Files with holes, and where a file has its bytes. Linux.
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

// A file of `count` bytes: random ones on the islands, holes elsewhere.
void make_islands(const std::string& path, std::uint64_t count, const Islands& islands);

// Where the file's system stores bytes of it.
[[nodiscard]] Islands stored_parts(const std::string& path);

// The space that it takes.
[[nodiscard]] std::uint64_t space_of(const std::string& path);

}  // namespace mapferry::testing
