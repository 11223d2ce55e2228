// SPDX-License-Identifier: Apache-2.0
// Question "files": a file through another process, by size and by the kind of output.
// Question "memory": the memory that all processes of one large case needed.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "bench/bench_cases.h"

namespace mapferry::bench {

namespace {

using Place = BenchFiles::Place;

enum class Memory : std::uint8_t { kNotAsked, kAsked };

struct FileCase {
    std::uint64_t bytes;
    Place place = Place::kTmpfs;
    Target target = Target::kDiscarded;
    Shown ways;  // the case shows these ways and those that are shown in more cases
    unsigned rounds;
    Memory memory = Memory::kNotAsked;
};

std::string_view target_name(Target target) {
    switch (target) {
        case Target::kOverwritten:
            return "overwritten";
        case Target::kReplaced:
            return "replaced";
        case Target::kDiscarded:
            break;
    }
    return "discarded";
}

std::string case_name(const FileCase& one) {
    return fmt::format("{}, {}, {}", size_name(one.bytes),
                       one.place == Place::kTmpfs ? "tmpfs" : "disk", target_name(one.target));
}

void add_size(std::vector<FileCase>& cases, const FileCase& one) {
    for (const Target target : {Target::kOverwritten, Target::kReplaced, Target::kDiscarded}) {
        cases.push_back(one);
        cases.back().target = target;
    }
}

// Cases that take a long time show fewer ways.
std::vector<FileCase> quick_cases() {
    std::vector<FileCase> cases;
    for (const std::uint64_t bytes : {4 * kKiB, kMiB})
        add_size(cases, {.bytes = bytes, .ways = Shown::kAtAnySize, .rounds = 5});
    add_size(cases, {.bytes = 256 * kMiB, .ways = Shown::kAtAnySize, .rounds = 5});
    cases[cases.size() - 3].ways = Shown::kSometimes;
    cases[cases.size() - 3].memory = Memory::kAsked;
    return cases;
}

std::vector<FileCase> default_cases() {
    std::vector<FileCase> cases;
    for (const std::uint64_t bytes : {4 * kKiB, 64 * kKiB, kMiB, 16 * kMiB, 64 * kMiB})
        add_size(cases, {.bytes = bytes, .ways = Shown::kAtAnySize, .rounds = 7});
    cases.push_back({.bytes = 256 * kMiB,
                     .target = Target::kOverwritten,
                     .ways = Shown::kSometimes,
                     .rounds = 7,
                     .memory = Memory::kAsked});
    for (const Target target : {Target::kOverwritten, Target::kDiscarded})
        cases.push_back({.bytes = kGiB, .target = target, .ways = Shown::kAtAnySize, .rounds = 7});
    // Fresh pages of this size take seconds for each way, so the only rivals are those with `cp`.
    for (const Place place : {Place::kTmpfs, Place::kDisk})
        cases.push_back({.bytes = kGiB,
                         .place = place,
                         .target = Target::kReplaced,
                         .ways = Shown::kEverywhere,
                         .rounds = 7});
    return cases;
}

std::vector<FileCase> full_cases() {
    std::vector<FileCase> cases;
    for (const std::uint64_t bytes :
         {4 * kKiB, 64 * kKiB, kMiB, 16 * kMiB, 64 * kMiB, 256 * kMiB, kGiB})
        add_size(cases, {.bytes = bytes, .ways = Shown::kSometimes, .rounds = 9});
    cases[cases.size() - 3].memory = Memory::kAsked;
    add_size(cases, {.bytes = 4 * kGiB, .ways = Shown::kAtAnySize, .rounds = 7});
    for (const std::uint64_t bytes : {256 * kMiB, kGiB})
        add_size(cases,
                 {.bytes = bytes, .place = Place::kDisk, .ways = Shown::kAtAnySize, .rounds = 7});
    return cases;
}

std::vector<FileCase> cases_of(Level level) {
    if (level == Level::kQuick) return quick_cases();
    return level == Level::kFull ? full_cases() : default_cases();
}

bool is_in(const FileCase& one, const FileWay& way) {
    return std::ranges::find(way.targets, one.target) != way.targets.end() && way.shown >= one.ways;
}

Attempt attempt(const FileWay& way, Place place, const FileRun& run, const RunRequest& request) {
    using Clock = std::chrono::steady_clock;
    const bool is_checked = request.is_first && run.target != Target::kDiscarded;
    if (is_checked) spoil_output(run.files);
    if (place == Place::kDisk) write_back(run.files);
    const auto began = Clock::now();
    const Ending ending = way.run(run);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    if (is_checked && ending.exit_code == 0) check_output(run.files, way.name);
    const double between_bytes = way.uses_between ? static_cast<double>(run.files.bytes) : 0;
    return {.ending = ending,
            .seconds = seconds,
            .values = {static_cast<double>(run.files.bytes) / seconds / 1e9,
                       (static_cast<double>(ending.peak_bytes) + between_bytes) /
                           static_cast<double>(kMiB)}};
}

Row row_of(const FileCase& one, const FileWay& way, Verification verification) {
    const bool is_verified = verification == Verification::kOn;
    std::string note = way.note;
    if (is_verified && !way.verified_note.empty())
        note += (note.empty() ? "" : "; ") + way.verified_note;
    return {.question = "files",
            .case_name = case_name(one),
            .way = way.name,
            .verified = is_verified,
            .unit = "GB/s",
            .note = note};
}

Plan plan_of(Bench& bench, const FileCase& one, const FileWay& way, Verification verification) {
    FileRun run = {.target = one.target,
                   .verification = verification,
                   .start = one.memory == Memory::kAsked ? Start::kOwnMemory : Start::kSpawn,
                   .programs = bench.settings.programs};
    Plan plan;
    plan.rows.push_back(row_of(one, way, verification));
    if (one.memory == Memory::kAsked && verification == Verification::kOn) {
        Row row = plan.rows.front();
        row.question = "memory";
        row.unit = "MiB";
        row.note = way.uses_between ? "with the file between" : "";
        plan.rows.push_back(row);
    }
    plan.run = [&bench, one, way, run](const RunRequest& request) mutable {
        run.files = bench.files.get(one.place, one.bytes);
        run.fault = request.fault;
        return attempt(way, one.place, run, request);
    };
    return plan;
}

}  // namespace

void add_file_cases(Bench& bench) {
    const auto ways = all_file_ways(bench.settings);
    for (const FileWay& way : ways)
        if (!way.missing.empty()) bench.skipped.push_back({"files", way.name, way.missing});
    for (const FileCase& one : cases_of(bench.settings.level)) {
        Case added = {.rounds = one.rounds, .plans = {}};
        for (const FileWay& way : ways) {
            if (!is_in(one, way) || !way.missing.empty()) continue;
            for (const Verification verification : {Verification::kOn, Verification::kOff})
                added.plans.push_back(plan_of(bench, one, way, verification));
        }
        bench.cases.push_back(std::move(added));
    }
}

}  // namespace mapferry::bench
