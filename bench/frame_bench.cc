// mapferry-bench-frames: how long a frame takes from one process to another, for every way that was
// built. Each round of each way starts two fresh processes; the rounds of all ways are shuffled.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "bench/frame_roles.h"
#include "bench/frame_table.h"
#include "bench/processes.h"
#include "bench/quantiles.h"

namespace mapferry::bench {

void give_up(const std::string& why) {
    std::cerr << "bench: error: " << why << "\n";
    std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

std::vector<FrameWay> all_frame_ways() {
    std::vector<FrameWay> ways;
    add_mapferry_ways(ways);
    add_iceoryx_ways(ways);
    add_stream_ways(ways);
    return ways;
}

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kFrameBytes[] = {8 * kMiB, 33 * kMiB};
constexpr std::uint64_t kWarmUpFrames = 12;
constexpr std::int64_t kGapUs = 3000;

struct Settings {
    std::string role;
    Round round;
    int rounds = 7;
    std::uint64_t frames = 60;
    std::string filter = ".";
    std::string json_path;
};

std::vector<std::string> arguments_of(const std::string& role, const Round& round) {
    return {"--role",    role,
            "--way",     round.way,
            "--folder",  round.folder,
            "--bytes",   std::to_string(round.frame_bytes),
            "--warm-up", std::to_string(round.warm_up_frames),
            "--frames",  std::to_string(round.frames),
            "--gap-us",  std::to_string(round.gap_us)};
}

// Microseconds by column.
std::vector<Samples> read_columns(const std::string& printed, std::size_t columns) {
    std::vector<Samples> samples(columns);
    std::istringstream lines(printed);
    double value_ns = 0;
    for (std::size_t i = 0; lines >> value_ns; ++i)
        samples[i % columns].push_back(value_ns / 1000);
    return samples;
}

// One round: both processes, from their start to their end.
void run_round(benchmark::State& state, const FrameWay& way, std::size_t frame_bytes,
               std::uint64_t frames) {
    const BenchFolder folder;
    const Round round{.way = way.name,
                      .folder = folder.path(),
                      .frame_bytes = frame_bytes,
                      .warm_up_frames = kWarmUpFrames,
                      .frames = frames,
                      .gap_us = kGapUs};
    for ([[maybe_unused]] auto iteration : state) {
        RoleProcess receiver(arguments_of("receiver", round));
        RoleProcess sender(arguments_of("sender", round));
        const auto received = read_columns(receiver.wait(), 2);
        const auto sent = read_columns(sender.wait(), 1);
        const Samples& shown = received[way.kind == Kind::kHandOver ? 0 : 1];
        state.SetIterationTime(median(shown) / 1e6);
        state.counters["p50_us"] = median(shown);
        state.counters["p99_us"] = quantile(shown, 0.99);
        state.counters["send_p50_us"] = median(sent[0]);
    }
}

void register_ways(const Settings& settings) {
    for (const FrameWay& way : all_frame_ways())
        for (const std::size_t bytes : kFrameBytes)
            benchmark::RegisterBenchmark(
                row_name(way, bytes).c_str(),
                [=](benchmark::State& state) { run_round(state, way, bytes, settings.frames); })
                ->UseManualTime()
                ->Iterations(1)
                ->Repetitions(settings.rounds)
                ->Unit(benchmark::kMicrosecond);
}

int run_all(const Settings& settings, const char* program) {
    std::vector<std::string> words = {program, "--benchmark_enable_random_interleaving=true",
                                      "--benchmark_filter=" + settings.filter};
    if (!settings.json_path.empty()) {
        words.push_back("--benchmark_out=" + settings.json_path);
        words.emplace_back("--benchmark_out_format=json");
    }
    std::vector<char*> arguments;
    arguments.reserve(words.size());
    for (std::string& word : words)
        arguments.push_back(word.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    register_ways(settings);
    FrameTable table;
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.print(all_frame_ways(), kFrameBytes) ? 0 : 1;
}

void add_options(CLI::App& app, Settings& settings) {
    app.add_option("--rounds", settings.rounds, "rounds of each way")->check(CLI::Range(1, 1000));
    app.add_option("--frames-per-round", settings.frames, "frames that are timed in a round");
    app.add_option("--only", settings.filter, "regular expression: these ways alone");
    app.add_option("--json", settings.json_path, "leave all figures in this file");
    // The options of the processes of a round.
    app.add_option("--role", settings.role)->group("");
    app.add_option("--way", settings.round.way)->group("");
    app.add_option("--folder", settings.round.folder)->group("");
    app.add_option("--bytes", settings.round.frame_bytes)->group("");
    app.add_option("--warm-up", settings.round.warm_up_frames)->group("");
    app.add_option("--frames", settings.round.frames)->group("");
    app.add_option("--gap-us", settings.round.gap_us)->group("");
}

}  // namespace
}  // namespace mapferry::bench

int main(int argc, char** argv) {
    using namespace mapferry::bench;
    CLI::App app("How long a frame takes from one process to another");
    Settings settings;
    add_options(app, settings);
    CLI11_PARSE(app, argc, argv);
    if (settings.role == "sender") return run_sender(settings.round);
    if (settings.role == "receiver") return run_receiver(settings.round);
    return run_all(settings, argv[0]);
}
