// SPDX-License-Identifier: Apache-2.0
// Runs many ways in shuffled rounds, so that a busy minute of the machine affects all ways alike,
// and makes rows of their figures. Google Benchmark runs and counts the rounds; each way takes its
// own times.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/bench_rows.h"
#include "bench/spawn.h"

namespace mapferry::bench {

enum class Level : std::uint8_t { kQuick, kDefault, kFull };

// kChangedByte: a byte is changed on its way, to see whether the receiver notices.
enum class Fault : std::uint8_t { kNone, kChangedByte };

struct BenchSettings {
    Level level = Level::kDefault;
    unsigned rounds = 0;  // 0: the number that each case has at this level
    std::string filter = ".";
    std::string json_path = {};
    std::string programs = {};  // the folder with all programs
    std::string disk = {};      // a folder on a disk
};

struct RunRequest {
    bool is_first = false;  // the first run of its way, which also checks the way's output
    Fault fault = Fault::kNone;
};

struct Attempt {
    Ending ending = {};
    double seconds = 0;
    std::vector<double> values = {};  // one for each row
};

// One way in one case.
struct Plan {
    std::vector<Row> rows = {};  // the first row names the plan
    std::function<Attempt(const RunRequest&)> run = {};
};

// Ways that are compared with each other.
struct Case {
    unsigned rounds = 7;
    std::vector<Plan> plans = {};
};

// "files/1 GiB, tmpfs, discarded/pipe, verified"
[[nodiscard]] std::string full_name(const Row& row);

// Keeps only the plans whose full name matches.
void keep_matching(std::vector<Case>& cases, const std::string& filter);

// Runs all rounds and returns the rows of all plans with their figures. Gives up when a way fails.
[[nodiscard]] std::vector<Row> run_rounds(const std::vector<Case>& cases, const char* program);

// Runs every verified way once, with a fault, and prints whether the way noticed it. False: a way
// did not notice its fault.
[[nodiscard]] bool all_notice_faults(const std::vector<Case>& cases);

}  // namespace mapferry::bench
