// SPDX-License-Identifier: Apache-2.0
// mapferry-bench-frames: measures how frames come from one process to another, for every way that
// was built. Each round of each way starts two fresh processes; the rounds of all ways are
// shuffled.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "bench/bench_host.h"
#include "bench/frame_cases.h"
#include "bench/frame_options.h"
#include "bench/frame_table.h"
#include "bench/give_up.h"
#include "bench/processes.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::cerr << "bench: error: " << why << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

std::vector<FrameWay> all_frame_ways() {
    std::vector<FrameWay> ways;
    add_mapferry_ways(ways);
    add_iceoryx_ways(ways);
    add_fast_dds_ways(ways);
    add_boost_ways(ways);
    add_stream_ways(ways);
    add_vmsplice_ways(ways);
    add_zeromq_ways(ways);
    add_posix_queue_ways(ways);
    add_python_ways(ways);
    return ways;
}

namespace {

struct Settings {
    BenchSettings bench;
    bool lists = false;
    bool makes_faults = false;
    std::string role;
    Round round;
};

void add_options(CLI::App& app, Settings& settings) {
    BenchSettings& bench = settings.bench;
    app.add_option("--rounds", bench.rounds, "rounds of every way")->check(CLI::Range(1, 1000));
    app.add_option("--only", bench.filter, "regular expression: these alone, of question/case/way");
    auto* const quick = app.add_flag_callback(
        "--quick", [&bench] { bench.level = Level::kQuick; }, "one size, in less than a minute");
    app.add_flag_callback(
           "--full", [&bench] { bench.level = Level::kFull; }, "every size")
        ->excludes(quick);
    app.add_option("--json", bench.json_path, "leave all figures in this file");
    app.add_flag("--list", settings.lists, "names what would be run");
    app.add_flag("--fault", settings.makes_faults,
                 "changes a byte on every verified way: each must notice")
        ->group("");
    add_round_options(app, settings.role, settings.round);
}

// Becomes the other program that is sender and receiver.
int run_pair(const Round& round, int argc, char** argv) {
    const auto ways = all_frame_ways();
    const auto way = std::ranges::find(ways, round.way, &FrameWay::name);
    if (way == ways.end()) give_up("no such way: " + round.way);
    std::vector<std::string> words = way->command;
    words.insert(words.end(), argv + 1, argv + argc);
    become_program(words);
}

int run_all(const Settings& all, const char* program) {
    clean_up_when_interrupted();
    const BenchSettings& settings = all.bench;
    FrameCases made = frame_cases(settings.level);
    keep_matching(made.cases, settings.filter);
    for (Case& one : made.cases)
        if (settings.rounds != 0) one.rounds = settings.rounds;
    if (all.lists) {
        for (const Case& one : made.cases)
            for (const Plan& plan : one.plans)
                fmt::print("{} ({} rounds)\n", full_name(plan.rows.front()), one.rounds);
        print_skipped(made.skipped);
        return 0;
    }
    if (all.makes_faults) return all_notice_faults(made.cases) ? 0 : 1;
    const BenchResults results{run_rounds(made.cases, program), made.skipped};
    print_table(results.rows);
    print_skipped(results.skipped);
    if (!settings.json_path.empty() && !write_rows(settings.json_path, this_machine(), results))
        give_up("can't write " + settings.json_path);
    return results.rows.empty() ? 1 : 0;
}

}  // namespace
}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    CLI::App app("How frames come from one process to another, verified");
    Settings settings;
    add_options(app, settings);
    CLI11_PARSE(app, argc, argv);
    if (settings.role == "sender") return run_sender(settings.round);
    if (settings.role == "receiver") return run_receiver(settings.round);
    if (settings.role == "pair") return run_pair(settings.round, argc, argv);
    return run_all(settings, argv[0]);
}
