// SPDX-License-Identifier: Apache-2.0
// The questions of mapferry-bench-files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench_rounds.h"
#include "bench/file_way.h"

namespace mapferry::bench {

// The folders of the run's files, and the files in them. The files of one size are made when a case
// first needs them. The destructor removes everything.
class BenchFiles {
  public:
    explicit BenchFiles(const std::string& disk);
    ~BenchFiles();
    BenchFiles(const BenchFiles&) = delete;
    BenchFiles& operator=(const BenchFiles&) = delete;

    enum class Place : std::uint8_t { kTmpfs, kDisk };
    [[nodiscard]] const FileSet& get(Place place, std::uint64_t bytes);

  private:
    struct Made {
        Place place;
        FileSet files;
    };
    std::string tmpfs_;
    std::string disk_;
    std::vector<Made> made_;
};

struct Bench {
    BenchSettings settings = {};
    BenchFiles& files;
    std::vector<Case> cases = {};
    std::vector<SkippedWay> skipped = {};
};

void add_file_cases(Bench& bench);
void add_keep_cases(Bench& bench);
void add_reader_cases(Bench& bench);
void add_payload_cases(Bench& bench);
void add_start_cases(Bench& bench);

// "64 B", "4 KiB", "1 GiB"
[[nodiscard]] std::string size_name(std::uint64_t bytes);
inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

}  // namespace mapferry::bench
