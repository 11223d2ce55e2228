// SPDX-License-Identifier: Apache-2.0
// One way to bring a file's bytes through another process into a file, or to discard them there.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/bench_rounds.h"
#include "bench/spawn.h"

namespace mapferry::bench {

// The files that exist before a run. All their bytes are in memory.
struct FileSet {
    std::string source;
    std::uint64_t bytes = 0;
    std::uint64_t digest = 0;  // XXH3-64 of the source
    std::string output;        // as large as the source
    std::string between;       // in tmpfs, as large as the source
};

// Makes the files of this size in the two folders, which must exist.
[[nodiscard]] FileSet make_files(const std::string& folder, const std::string& tmpfs_folder,
                                 std::uint64_t bytes);
// Changes some bytes of the output, so that a way that writes nothing is noticed.
void spoil_output(const FileSet& files);
// Waits until the file system of the output has written back the bytes of earlier runs.
void write_back(const FileSet& files);
// Gives up when the output differs from the source.
void check_output(const FileSet& files, const std::string& way);

enum class Target : std::uint8_t {
    kOverwritten,  // the file's own pages are written again: its readers may see old and new bytes
    kReplaced,     // a new file takes the name when it is whole
    kDiscarded,
};

enum class Verification : std::uint8_t { kOff, kOn };

struct FileRun {
    FileSet files = {};
    Target target = Target::kDiscarded;
    Verification verification = Verification::kOn;
    Fault fault = Fault::kNone;
    Start start = Start::kSpawn;
    std::string programs = {};  // the folder with mapferry's programs
};

enum class Shown : std::uint8_t {
    kSometimes,  // only in the cases with all ways
    kAtAnySize,  // in all cases except the slowest
    kEverywhere,
};

struct FileWay {
    std::string name;
    std::vector<Target> targets;
    std::function<Ending(const FileRun&)> run;
    Shown shown = Shown::kSometimes;
    bool uses_between = false;  // needs tmpfs of the file's size, beside the processes' memory
    std::string note = {};      // for all its figures
    std::string verified_note = {};
    std::string missing = {};  // why it can't run here
};

[[nodiscard]] std::vector<FileWay> all_file_ways(const BenchSettings& settings);

// Each source file adds its own ways.
void add_own_file_ways(std::vector<FileWay>& ways, const BenchSettings& settings);
void add_stream_file_ways(std::vector<FileWay>& ways);
void add_program_file_ways(std::vector<FileWay>& ways);

// A name for the section or the queue of one run alone.
[[nodiscard]] std::string new_channel();

// The receiving process of the ways that have none of their own. It reads the digest from `note`.
[[nodiscard]] Command receiver_command(const FileRun& run, const std::string& how,
                                       std::uint64_t block_bytes, int input, int note);
// A channel that holds the source's digest already, for senders that hash nothing.
[[nodiscard]] Channel prefilled_note(std::uint64_t digest);
// kHide with a fault: every process that notices the fault reports it, which is expected.
[[nodiscard]] Errors errors_of(Fault fault);

}  // namespace mapferry::bench
