// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_rounds.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <regex>

#include "bench/give_up.h"

namespace mapferry::bench {

namespace {

// The values of all rounds of each plan, by row.
using Gathered = std::map<const Plan*, std::vector<Samples>>;

void run_once(benchmark::State& state, const Plan& plan, std::vector<Samples>& gathered) {
    for ([[maybe_unused]] auto iteration : state) {
        const Attempt attempt = plan.run({.is_first = gathered.front().empty()});
        if (attempt.ending.exit_code != 0)
            give_up(fmt::format("{}: {} ended with {}", full_name(plan.rows.front()),
                                attempt.ending.who, attempt.ending.exit_code));
        state.SetIterationTime(attempt.seconds);
        for (std::size_t row = 0; row < plan.rows.size(); ++row)
            gathered[row].push_back(attempt.values[row]);
    }
}

void register_run(const Plan& plan, Gathered& gathered) {
    auto& samples = gathered[&plan];
    samples.resize(plan.rows.size());
    benchmark::RegisterBenchmark(
        full_name(plan.rows.front()).c_str(),
        [&plan, &samples](benchmark::State& state) { run_once(state, plan, samples); })
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
}

// Each round has its own order of the ways in each case.
void register_rounds(const std::vector<Case>& cases, Gathered& gathered) {
    std::mt19937 random(std::random_device{}());
    unsigned last = 0;
    for (const Case& one : cases)
        last = std::max(last, one.rounds);
    for (unsigned round = 0; round < last; ++round) {
        for (const Case& one : cases) {
            if (round >= one.rounds) continue;
            std::vector<const Plan*> plans;
            for (const Plan& plan : one.plans)
                plans.push_back(&plan);
            std::ranges::shuffle(plans, random);
            for (const Plan* plan : plans)
                register_run(*plan, gathered);
        }
    }
}

// Prints only how many runs are done. The figures become rows later.
class ProgressReporter : public benchmark::BenchmarkReporter {
  public:
    explicit ProgressReporter(std::size_t run_count) : run_count_(run_count) {}
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        done_ += runs.size();
        if (done_ % kEvery == 0 || done_ == run_count_)
            fmt::print(stderr, "bench: {} of {} runs\n", done_, run_count_);
    }

  private:
    static constexpr std::size_t kEvery = 100;
    std::size_t run_count_;
    std::size_t done_ = 0;
};

std::size_t count_runs(const std::vector<Case>& cases) {
    std::size_t count = 0;
    for (const Case& one : cases)
        count += one.plans.size() * one.rounds;
    return count;
}

}  // namespace

std::string full_name(const Row& row) {
    return fmt::format("{}/{}/{}, {}", row.question, row.case_name, row.way,
                       row.verified ? "verified" : "unverified");
}

void keep_matching(std::vector<Case>& cases, const std::string& filter) {
    const std::regex wanted(filter);
    for (Case& one : cases)
        std::erase_if(one.plans, [&](const Plan& plan) {
            return !std::regex_search(full_name(plan.rows.front()), wanted);
        });
    std::erase_if(cases, [](const Case& one) { return one.plans.empty(); });
}

std::vector<Row> run_rounds(const std::vector<Case>& cases, const char* program) {
    Gathered gathered;
    std::string name = program;
    char* arguments[] = {name.data(), nullptr};
    int count = 1;
    benchmark::Initialize(&count, arguments);
    register_rounds(cases, gathered);
    ProgressReporter reporter(count_runs(cases));
    benchmark::RunSpecifiedBenchmarks(&reporter);
    std::vector<Row> rows;
    for (const Case& one : cases)
        for (const Plan& plan : one.plans)
            for (std::size_t row = 0; row < plan.rows.size(); ++row)
                rows.push_back(with_figures(plan.rows[row], gathered[&plan][row]));
    return rows;
}

bool all_notice_faults(const std::vector<Case>& cases) {
    bool is_all = true;
    for (const Case& one : cases) {
        for (const Plan& plan : one.plans) {
            if (!plan.rows.front().verified) continue;
            const Attempt attempt = plan.run({.is_first = false, .fault = Fault::kChangedByte});
            const bool is_noticed = attempt.ending.exit_code == kWrongBytes;
            fmt::print("{}: {}\n", full_name(plan.rows.front()),
                       is_noticed ? "noticed" : "NOT NOTICED");
            is_all = is_all && is_noticed;
        }
    }
    return is_all;
}

}  // namespace mapferry::bench
