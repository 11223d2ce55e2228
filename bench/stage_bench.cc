// SPDX-License-Identifier: Apache-2.0
// mapferry-bench-stages: measures what each stage of a transfer costs alone. With --whole it also
// prints the fraction of the slowest stage's rate that a whole transfer reaches.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/bench_rounds.h"
#include "bench/frame_table.h"
#include "bench/give_up.h"
#include "bench/stage.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::cerr << "bench: error: " << why << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

namespace {

constexpr const char* kQuestion = "stages";

struct Settings {
    BenchSettings bench;
    std::string whole;  // the path of a file with rows of mapferry-bench-files
    bool lists = false;
};

Plan plan_of(const Stage& stage) {
    Plan plan;
    plan.rows.push_back({.question = kQuestion,
                         .case_name = stage.case_name,
                         .way = stage.way,
                         .unit = stage.unit});
    plan.run = [measure = stage.measure](const RunRequest&) {
        Attempt attempt;
        attempt.values.push_back(measure());
        attempt.seconds = 1;  // only the value counts
        return attempt;
    };
    return plan;
}

std::vector<Case> cases_of(const Settings& settings) {
    std::vector<Stage> stages;
    add_hash_stages(stages);
    add_copy_stages(stages);
    add_file_stages(stages, settings.bench.disk);
    add_page_stages(stages);
    add_wake_stages(stages);
    add_convert_stages(stages);
    const bool is_quick = settings.bench.level == Level::kQuick;
    std::vector<Case> cases = {{.rounds = is_quick ? 3u : 7u, .plans = {}}};
    if (settings.bench.rounds != 0) cases.front().rounds = settings.bench.rounds;
    for (const Stage& stage : stages)
        cases.front().plans.push_back(plan_of(stage));
    keep_matching(cases, settings.bench.filter);
    return cases;
}

// The row of the slowest stage of a transfer that overwrites a file in tmpfs: bytes are read and
// written, and with verification hashed from the cache on both sides. Empty: not measured.
std::optional<Row> slowest_stage(const std::vector<Row>& rows, bool verified) {
    std::optional<Row> slowest;
    for (const Row& row : rows) {
        const bool is_hash =
            row.case_name == "hash, from the cache" && row.way.find("used") != std::string::npos;
        const bool is_file = row.way == "tmpfs";
        if (!is_file && !(is_hash && verified)) continue;
        if (!slowest || row.median < slowest->median) slowest = row;
    }
    return slowest;
}

// The fractions that mapferry's own programs reached, from the rows of mapferry-bench-files.
std::vector<Row> fractions(const std::string& path, const std::vector<Row>& stages) {
    std::ifstream file(path);
    const auto whole = nlohmann::json::parse(file, nullptr, false);
    if (whole.is_discarded() || !whole.contains("rows")) give_up(path + " has no rows");
    std::vector<Row> rows;
    for (const auto& row : whole["rows"]) {
        const std::string case_name = row.value("case", "");
        const bool is_wanted =
            row.value("question", "") == "files" && row.value("way", "").starts_with("mapferry") &&
            case_name.ends_with("tmpfs, overwritten") && row.value("unit", "") == "GB/s";
        const auto slowest = slowest_stage(stages, row.value("verified", false));
        if (!is_wanted || !slowest) continue;
        const auto share = [&](const char* name) {
            return 100 * row.value(name, 0.0) / slowest->median;
        };
        rows.push_back({.question = "fraction",
                        .case_name = case_name,
                        .way = row.value("way", ""),
                        .verified = row.value("verified", false),
                        .unit = "%",
                        .median = share("median"),
                        .min = share("min"),
                        .max = share("max"),
                        .rounds = row.value("rounds", std::uint64_t{0}),
                        .note = fmt::format("of {}, {}: {:.2f} GB/s", slowest->case_name,
                                            slowest->way, slowest->median)});
    }
    return rows;
}

void add_options(CLI::App& app, Settings& settings) {
    BenchSettings& bench = settings.bench;
    app.add_option("--rounds", bench.rounds, "rounds of every stage")->check(CLI::Range(1, 1000));
    app.add_option("--only", bench.filter, "regular expression: these alone, of question/case/way");
    auto* const quick =
        app.add_flag_callback("--quick", [&bench] { bench.level = Level::kQuick; }, "three rounds");
    app.add_flag_callback(
           "--full", [&bench] { bench.level = Level::kFull; }, "as without it: seven")
        ->excludes(quick);
    app.add_option("--json", bench.json_path, "leave all figures in this file");
    app.add_option("--disk", bench.disk, "a folder on a disk; else the current one");
    app.add_option("--whole", settings.whole,
                   "what mapferry-bench-files left: tell the fraction of the slowest stage");
    app.add_flag("--list", settings.lists, "names what would be run");
}

int run(const Settings& settings, const char* program) {
    const std::vector<Case> cases = cases_of(settings);
    if (settings.lists) {
        for (const Case& one : cases)
            for (const Plan& plan : one.plans)
                fmt::print("{} ({} rounds)\n", full_name(plan.rows.front()), one.rounds);
        return 0;
    }
    BenchResults results{.rows = run_rounds(cases, program), .skipped = {}};
    if (!settings.whole.empty()) {
        const auto more = fractions(settings.whole, results.rows);
        results.rows.insert(results.rows.end(), more.begin(), more.end());
    }
    print_table(results.rows);
    const std::string& path = settings.bench.json_path;
    if (!path.empty() && !write_rows(path, this_machine(), results)) give_up("can't write " + path);
    return results.rows.empty() ? 1 : 0;
}

}  // namespace
}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    CLI::App app("What each stage of a transfer costs alone");
    Settings settings;
    settings.bench.disk = ".";
    add_options(app, settings);
    CLI11_PARSE(app, argc, argv);
    return run(settings, argv[0]);
}
