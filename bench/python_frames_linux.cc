// SPDX-License-Identifier: Apache-2.0
// Python's multiprocessing.shared_memory. python_frames.py is sender and receiver. Its hash comes
// from python3-xxhash, which is the same XXH3 in C.
#include <filesystem>

#include "bench/frame_way.h"

namespace mapferry::bench {

namespace {

// The distribution's own Python, which finds the distribution's packages.
constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kHashPackage = "/usr/lib/python3/dist-packages/xxhash";

}  // namespace

void add_python_ways(std::vector<FrameWay>& ways) {
    FrameWay way{.name = "Python shared_memory",
                 .kind = Kind::kCopy,
                 .command = {kPython, MAPFERRY_BENCH_PATH "/python_frames.py"}};
    std::error_code error;
    if (!std::filesystem::exists(kPython, error)) way.missing = "not installed";
    if (!std::filesystem::exists(kHashPackage, error)) way.missing = "python3-xxhash not installed";
    ways.push_back(std::move(way));
}

}  // namespace mapferry::bench
