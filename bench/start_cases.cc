// SPDX-License-Identifier: Apache-2.0
// Question "start": a file of 4 KiB, from the start of the first process to the end of the last.
#include <algorithm>
#include <chrono>

#include "bench/bench_cases.h"

namespace mapferry::bench {

namespace {

constexpr std::uint64_t kFileBytes = 4 * kKiB;

Attempt timed(const std::function<Ending()>& run) {
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const Ending ending = run();
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return {.ending = ending, .seconds = seconds, .values = {seconds * 1e3}};
}

Row row_of(Target target, const std::string& way, Verification verification) {
    return {.question = "start",
            .case_name = target == Target::kDiscarded ? "4 KiB, discarded" : "4 KiB, replaced",
            .way = way,
            .verified = verification == Verification::kOn,
            .unit = "ms"};
}

Plan plan_of(Bench& bench, Target target, const FileWay& way, Verification verification) {
    FileRun run = {
        .target = target, .verification = verification, .programs = bench.settings.programs};
    return {.rows = {row_of(target, way.name, verification)},
            .run = [&bench, way, run](const RunRequest& request) mutable {
                run.files = bench.files.get(BenchFiles::Place::kTmpfs, kFileBytes);
                run.fault = request.fault;
                return timed([&] { return way.run(run); });
            }};
}

// The cost of two processes that do nothing.
Plan two_trues(Target target) {
    Row row = row_of(target, "true, twice", Verification::kOff);
    row.note = "moves nothing: the least that two processes cost";
    return {.rows = {row}, .run = [](const RunRequest&) {
                return timed([] {
                    ProcessGroup group(Start::kSpawn, Errors::kShow);
                    group.start({.words = {"true"}});
                    group.start({.words = {"true"}});
                    return group.wait();
                });
            }};
}

}  // namespace

void add_start_cases(Bench& bench) {
    for (const Target target : {Target::kDiscarded, Target::kReplaced}) {
        Case added = {.rounds = bench.settings.level == Level::kQuick ? 21u : 41u, .plans = {}};
        for (const FileWay& way : all_file_ways(bench.settings)) {
            const bool is_possible = std::ranges::count(way.targets, target) > 0;
            if (way.shown == Shown::kSometimes || !way.missing.empty() || !is_possible) continue;
            for (const Verification verification : {Verification::kOn, Verification::kOff})
                added.plans.push_back(plan_of(bench, target, way, verification));
        }
        added.plans.push_back(two_trues(target));
        bench.cases.push_back(std::move(added));
    }
}

}  // namespace mapferry::bench
