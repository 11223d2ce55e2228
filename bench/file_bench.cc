// SPDX-License-Identifier: Apache-2.0
// mapferry-bench-files: measures files, kept files, many readers, small payloads, start and memory
// by every available way, each in its own processes. bench/README.md explains how to read the
// figures.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "bench/bench_cases.h"
#include "bench/bench_host.h"
#include "bench/give_up.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::cerr << "bench: error: " << why << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

namespace {

enum class Task : std::uint8_t { kMeasure, kList, kFault };

void add_options(CLI::App& app, BenchSettings& settings, Task& task) {
    app.add_option("--rounds", settings.rounds, "rounds of every way")->check(CLI::Range(1, 1000));
    app.add_option("--only", settings.filter,
                   "regular expression: these alone, of question/case/way");
    auto* const quick = app.add_flag_callback(
        "--quick", [&settings] { settings.level = Level::kQuick; }, "less, in half a minute");
    app.add_flag_callback(
           "--full", [&settings] { settings.level = Level::kFull; },
           "everything, in about half an hour")
        ->excludes(quick);
    app.add_option("--json", settings.json_path, "leave all figures in this file");
    app.add_option("--disk", settings.disk, "a folder on a disk; else the current one");
    app.add_flag_callback("--list", [&task] { task = Task::kList; }, "names what would be run");
    app.add_flag_callback(
           "--fault", [&task] { task = Task::kFault; },
           "changes a byte on every verified way: each must notice")
        ->group("");
}

void print(const std::vector<Row>& rows, const std::vector<SkippedWay>& skipped) {
    for (const Row& row : rows)
        fmt::print("{:<66} {:>10.4g}  ({:.4g} .. {:.4g}) {}\n", full_name(row), row.median, row.min,
                   row.max, row.unit);
    for (const SkippedWay& one : skipped)
        fmt::print("skipped: {}/{}: {}\n", one.question, one.way, one.reason);
}

int measure(const Bench& bench, const char* program) {
    const auto rows = run_rounds(bench.cases, program);
    print(rows, bench.skipped);
    const std::string& path = bench.settings.json_path;
    if (!path.empty() && !write_rows(path, this_machine(), {rows, bench.skipped}))
        give_up("can't write " + path);
    return rows.empty() ? 1 : 0;
}

int list(const Bench& bench) {
    for (const Case& one : bench.cases)
        for (const Plan& plan : one.plans)
            fmt::print("{} ({} rounds)\n", full_name(plan.rows.front()), one.rounds);
    print({}, bench.skipped);
    return 0;
}

int run(const BenchSettings& settings, Task task, const char* program) {
    clean_up_when_interrupted();
    static BenchFiles files(settings.disk);  // static, so that give_up() removes them too
    Bench bench = {.settings = settings, .files = files};
    add_file_cases(bench);
    add_keep_cases(bench);
    add_reader_cases(bench);
    add_payload_cases(bench);
    add_start_cases(bench);
    keep_matching(bench.cases, settings.filter);
    for (Case& one : bench.cases)
        if (settings.rounds != 0) one.rounds = settings.rounds;
    if (task == Task::kList) return list(bench);
    if (task == Task::kFault) return all_notice_faults(bench.cases) ? 0 : 1;
    return measure(bench, program);
}

}  // namespace
}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    CLI::App app("How fast files and payloads come from one process to another, verified");
    BenchSettings settings;
    settings.disk = ".";
    settings.programs =
        std::filesystem::canonical(std::filesystem::path("/proc/self/exe")).parent_path();
    Task task = Task::kMeasure;
    add_options(app, settings, task);
    CLI11_PARSE(app, argc, argv);
    return run(settings, task, argv[0]);
}
