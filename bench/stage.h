// SPDX-License-Identifier: Apache-2.0
// One stage of a transfer, alone: its figure if nothing else took time.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mapferry::bench {

struct Stage {
    std::string case_name;  // "hash", "copy", "read()", ...
    std::string way;
    std::string unit;  // "GB/s": more is better; "us", "ms per GiB": less
    std::function<double()> measure;
};

// The size of a section's blocks, which stay in the second-level cache.
inline constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
// More than any cache holds.
inline constexpr std::size_t kColdBytes = std::size_t{256} << 20;

// Runs `work`, which processes `bytes` bytes, and returns its rate in GB/s.
[[nodiscard]] double gigabytes_per_second(std::size_t bytes, const std::function<void()>& work);

// Each source file adds its own stages. `disk`: a folder on a disk.
void add_hash_stages(std::vector<Stage>& stages);
void add_copy_stages(std::vector<Stage>& stages);
void add_file_stages(std::vector<Stage>& stages, const std::string& disk);
void add_page_stages(std::vector<Stage>& stages);
void add_wake_stages(std::vector<Stage>& stages);
void add_convert_stages(std::vector<Stage>& stages);

}  // namespace mapferry::bench
