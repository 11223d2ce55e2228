// SPDX-License-Identifier: Apache-2.0
// Question "keep": a file is put into memory, checked there, and taken out again, each step by
// itself. What one step leaves for the next is made outside the time.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "bench/bench_cases.h"
#include "bench/bench_host.h"
#include "bench/file_way.h"

namespace mapferry::bench {

namespace {

struct KeepRun {
    FileRun file;
    std::string channel;  // of this run alone
};

// One step in one way. `before` is not timed. Their endings come together.
struct KeepWay {
    std::string name;
    std::string step;
    std::function<void(ProcessGroup&, const KeepRun&)> before = nullptr;
    std::function<void(ProcessGroup&, const KeepRun&)> timed;
    std::string note = {};
    std::vector<Verification> verifications = {Verification::kOn, Verification::kOff};
};

std::string program(const KeepRun& run, const std::string& side) {
    if (run.file.fault != Fault::kNone && side == "writer")
        return run.file.programs + "/mapferry-bench-writer-faulty";
    if (run.file.verification == Verification::kOff)
        return run.file.programs + "/mapferry-bench-" + side + "-unverified";
    return run.file.programs + "/mapferry-" + side;
}

void keep(ProcessGroup& group, const KeepRun& run) {
    group.start({.words = {program(run, "writer"), "-q", "--keep", "--name", run.channel,
                           run.file.files.source}});
    group.wait();
}

void receive(ProcessGroup& group, const KeepRun& run, const std::vector<std::string>& output) {
    Command reader = {.words = {program(run, "reader"), "-q", "--name", run.channel}};
    reader.words.insert(reader.words.end(), output.begin(), output.end());
    group.start(reader);
    group.wait();
}

void check(ProcessGroup& group, const KeepRun& run) {
    receive(group, run, {"--null"});
}

// A put with a fault is complete when a reader was asked for it.
void put(ProcessGroup& group, const KeepRun& run) {
    keep(group, run);
    if (run.file.fault != Fault::kNone) check(group, run);
}

void take_out(ProcessGroup& group, const KeepRun& run) {
    receive(group, run, {"-o", run.file.files.output, "--force"});
}

// A file that others read, in place of a kept section.
void hash_file(ProcessGroup& group, const KeepRun& run, const std::string& path) {
    constexpr std::uint64_t kBlockBytes = 262144;
    const Descriptor file = open_file(path, OpenFor::kReading);
    FileRun reading = run.file;
    reading.target = Target::kDiscarded;
    const Channel note = prefilled_note(run.file.files.digest);
    group.start(receiver_command(reading, "read", kBlockBytes, file.get(), note.from.get()));
    group.wait();
}

void copy(ProcessGroup& group, const std::string& from, const std::string& to) {
    group.start({.words = {"cp", from, to}});
    group.wait();
}

std::string copy_path(const KeepRun& run) {
    return run.file.files.output + ".kept";
}

void copy_in(ProcessGroup& group, const KeepRun& run) {
    std::filesystem::remove(copy_path(run));
    copy(group, run.file.files.source, copy_path(run));
    if (run.file.verification == Verification::kOn) hash_file(group, run, copy_path(run));
}

// To a new file that takes the output's name, as ours does.
void copy_out(ProcessGroup& group, const KeepRun& run) {
    copy(group, run.file.files.source, copy_path(run));
    std::filesystem::rename(copy_path(run), run.file.files.output);
    if (run.file.verification == Verification::kOn) hash_file(group, run, run.file.files.output);
}

const std::string kHashedAfterwards = "verified: then the copy is read and hashed";

std::vector<KeepWay> keep_ways() {
    const std::vector<Verification> verified = {Verification::kOn};
    return {{.name = "mapferry", .step = "put", .timed = put, .note = "mapferry-writer --keep"},
            {.name = "cp", .step = "put", .timed = copy_in, .note = kHashedAfterwards},
            {.name = "mapferry",
             .step = "verify",
             .before = keep,
             .timed = check,
             .note = "mapferry-reader --null",
             .verifications = verified},
            {.name = "read and hash",
             .step = "verify",
             .timed = [](ProcessGroup& group,
                         const KeepRun& run) { hash_file(group, run, run.file.files.source); },
             .note = "one thread, blocks of 256 KiB",
             .verifications = verified},
            {.name = "mapferry", .step = "get", .before = keep, .timed = take_out},
            {.name = "cp and mv", .step = "get", .timed = copy_out, .note = kHashedAfterwards}};
}

Attempt attempt(const KeepWay& way, const KeepRun& run) {
    using Clock = std::chrono::steady_clock;
    ProcessGroup group(Start::kSpawn, errors_of(run.file.fault));
    if (way.before != nullptr) way.before(group, run);
    const auto began = Clock::now();
    way.timed(group, run);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    remove_channel(run.channel);
    std::filesystem::remove(copy_path(run));
    return {.ending = group.wait(),
            .seconds = seconds,
            .values = {static_cast<double>(run.file.files.bytes) / seconds / 1e9}};
}

Plan plan_of(Bench& bench, const KeepWay& way, std::uint64_t bytes, Verification verification) {
    const Row row = {.question = "keep",
                     .case_name = fmt::format("{}, {}", size_name(bytes), way.step),
                     .way = way.name,
                     .verified = verification == Verification::kOn,
                     .unit = "GB/s",
                     .note = way.note};
    KeepRun run = {.file = {.target = Target::kReplaced,
                            .verification = verification,
                            .programs = bench.settings.programs},
                   .channel = {}};
    return {.rows = {row}, .run = [&bench, way, bytes, run](const RunRequest& request) mutable {
                run.file.files = bench.files.get(BenchFiles::Place::kTmpfs, bytes);
                run.file.fault = request.fault;
                run.channel = new_channel();
                const bool is_checked = request.is_first && way.step == "get";
                if (is_checked) spoil_output(run.file.files);
                Attempt done = attempt(way, run);
                if (is_checked && done.ending.exit_code == 0)
                    check_output(run.file.files, way.name);
                return done;
            }};
}

}  // namespace

void add_keep_cases(Bench& bench) {
    const bool is_quick = bench.settings.level == Level::kQuick;
    const std::uint64_t bytes = is_quick ? 256 * kMiB : kGiB;
    for (const std::string step : {"put", "verify", "get"}) {
        Case added = {.rounds = is_quick ? 5u : 9u, .plans = {}};
        for (const KeepWay& way : keep_ways()) {
            if (way.step != step) continue;
            for (const Verification verification : way.verifications)
                added.plans.push_back(plan_of(bench, way, bytes, verification));
        }
        bench.cases.push_back(std::move(added));
    }
}

}  // namespace mapferry::bench
