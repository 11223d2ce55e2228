// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

namespace mapferry::bench {

namespace {

std::string make_folder(const std::string& parent) {
    std::random_device random;
    const std::string path = fmt::format("{}/mapferry-bench.{:08x}", parent, random());
    std::filesystem::create_directories(path);
    return path;
}

}  // namespace

BenchFiles::BenchFiles(const std::string& disk)
    : tmpfs_(make_folder("/dev/shm")), disk_(make_folder(disk)) {}

BenchFiles::~BenchFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(tmpfs_, ignored);
    std::filesystem::remove_all(disk_, ignored);
}

const FileSet& BenchFiles::get(Place place, std::uint64_t bytes) {
    const auto is_it = [&](const Made& one) {
        return one.place == place && one.files.bytes == bytes;
    };
    const auto found = std::ranges::find_if(made_, is_it);
    if (found != made_.end()) return found->files;
    const std::string& folder = place == Place::kTmpfs ? tmpfs_ : disk_;
    made_.push_back({place, make_files(folder, tmpfs_, bytes)});
    return made_.back().files;
}

std::string size_name(std::uint64_t bytes) {
    if (bytes >= kGiB) return fmt::format("{} GiB", bytes / kGiB);
    if (bytes >= kMiB) return fmt::format("{} MiB", bytes / kMiB);
    if (bytes >= kKiB) return fmt::format("{} KiB", bytes / kKiB);
    return fmt::format("{} B", bytes);
}

std::string new_channel() {
    static const unsigned run = std::random_device{}();
    static unsigned count = 0;
    return fmt::format("bench-{:08x}-{}", run, ++count);
}

}  // namespace mapferry::bench
