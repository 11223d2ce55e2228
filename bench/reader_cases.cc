// SPDX-License-Identifier: Apache-2.0
// Question "readers": one stream for 1, 2, 4 and 8 receivers. Each of them hashes all bytes and
// drops them. The figure is the rate of all receivers together.
#include <fmt/format.h>

#include <chrono>

#include "bench/bench_cases.h"
#include "bench/peer_words.h"

namespace mapferry::bench {

namespace {

constexpr std::uint64_t kBlockBytes = kMiB;
constexpr std::uint64_t kTeeBlockBytes = 64 * kKiB;
// The first descriptors of a sender's pipes and of its notes.
constexpr int kFirstOut = 10;
constexpr int kFirstNote = 40;

struct ReaderRun {
    FileRun file;
    unsigned readers = 1;
};

using RunReaders = Ending (*)(const ReaderRun&);

std::string own_program(const FileRun& run, const std::string& side) {
    if (run.fault != Fault::kNone && side == "writer")
        return run.programs + "/mapferry-bench-writer-faulty";
    return run.programs + (run.verification == Verification::kOn
                               ? "/mapferry-" + side
                               : "/mapferry-bench-" + side + "-unverified");
}

Ending run_mapferry(const ReaderRun& run) {
    ProcessGroup group(run.file.start, errors_of(run.file.fault));
    const std::string channel = new_channel();
    group.start({.words = {own_program(run.file, "writer"), "-q", "--name", channel, "--readers",
                           std::to_string(run.readers), run.file.files.source}});
    for (unsigned i = 0; i < run.readers; ++i)
        group.start(
            {.words = {own_program(run.file, "reader"), "-q", "--name", channel, "--null"}});
    return group.wait();
}

// The benchmark's own sender writes each block into one pipe after the other.
Ending run_pipes(const ReaderRun& run) {
    ProcessGroup group(run.file.start, errors_of(run.file.fault));
    std::vector<Channel> pipes;
    std::vector<Channel> notes;
    const bool is_verified = run.file.verification == Verification::kOn;
    Command sender = {.words = {run.file.programs + "/mapferry-bench-peer", "send",
                                "source=" + run.file.files.source, "how=write",
                                fmt::format("block={}", kBlockBytes),
                                is_verified ? "hash=1" : "hash=0"}};
    std::string out_list;
    std::string note_list;
    for (unsigned i = 0; i < run.readers; ++i) {
        pipes.push_back(make_pipe(PipeSize::k1MiB));
        notes.push_back(make_pipe());
        const int out = kFirstOut + static_cast<int>(i);
        const int note = kFirstNote + static_cast<int>(i);
        sender.descriptors.emplace_back(out, pipes.back().to.get());
        sender.descriptors.emplace_back(note, notes.back().to.get());
        out_list += fmt::format("{}{}", i == 0 ? "" : ",", out);
        note_list += fmt::format("{}{}", i == 0 ? "" : ",", note);
    }
    sender.words.push_back("outs=" + out_list);
    sender.words.push_back("notes=" + note_list);
    group.start(sender);
    for (unsigned i = 0; i < run.readers; ++i)
        group.start(receiver_command(run.file, "read", kBlockBytes, pipes[i].from.get(),
                                     notes[i].from.get()));
    pipes.clear();
    notes.clear();
    return group.wait();
}

// tee /dev/fd/11 /dev/fd/12 ... > the first pipe
Ending run_tee(const ReaderRun& run) {
    ProcessGroup group(run.file.start, errors_of(run.file.fault));
    std::vector<Channel> pipes;
    const Descriptor source = open_file(run.file.files.source, OpenFor::kReading);
    Command tee = {.words = {"tee"}, .descriptors = {{0, source.get()}}};
    for (unsigned i = 0; i < run.readers; ++i) {
        pipes.push_back(make_pipe());
        const int out = i == 0 ? 1 : kFirstOut + static_cast<int>(i);
        tee.descriptors.emplace_back(out, pipes.back().to.get());
        if (i > 0) tee.words.push_back(fmt::format("/dev/fd/{}", out));
    }
    group.start(tee);
    for (const Channel& pipe : pipes) {
        const Channel note = prefilled_note(run.file.files.digest);
        group.start(
            receiver_command(run.file, "read", kTeeBlockBytes, pipe.from.get(), note.from.get()));
    }
    pipes.clear();
    return group.wait();
}

struct ReaderWay {
    std::string name;
    RunReaders run;
    std::string note;
};

Attempt attempt(const ReaderRun& run, RunReaders way) {
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const Ending ending = way(run);
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    const double all_bytes = static_cast<double>(run.file.files.bytes) * run.readers;
    return {.ending = ending, .seconds = seconds, .values = {all_bytes / seconds / 1e9}};
}

Plan plan_of(Bench& bench, const ReaderWay& way, Verification verification, unsigned readers,
             std::uint64_t bytes) {
    ReaderRun run = {.file = {.verification = verification, .programs = bench.settings.programs},
                     .readers = readers};
    Row row = {.question = "readers",
               .case_name = fmt::format("{}, {} reader{}", size_name(bytes), readers,
                                        readers > 1 ? "s" : ""),
               .way = way.name,
               .verified = verification == Verification::kOn,
               .unit = "GB/s",
               .note = way.note};
    return {.rows = {row}, .run = [&bench, way, run, bytes](const RunRequest& request) mutable {
                run.file.files = bench.files.get(BenchFiles::Place::kTmpfs, bytes);
                run.file.fault = request.fault;
                return attempt(run, way.run);
            }};
}

}  // namespace

void add_reader_cases(Bench& bench) {
    // `tee` takes 10 s for 8 readers of 1 GiB.
    const Level level = bench.settings.level;
    const std::uint64_t bytes = level == Level::kFull ? kGiB : 256 * kMiB;
    const std::vector<ReaderWay> ways = {
        {"mapferry", run_mapferry, ""},
        {"pipes of 1 MiB", run_pipes, "written one after the other"},
        {"tee", run_tee, "into default pipes; tee hashes nothing"}};
    for (const unsigned readers : {1u, 2u, 4u, 8u}) {
        Case added = {.rounds = level == Level::kQuick ? 1u : 7u, .plans = {}};
        for (const ReaderWay& way : ways) {
            added.plans.push_back(plan_of(bench, way, Verification::kOn, readers, bytes));
            if (level == Level::kFull || way.run == run_mapferry)
                added.plans.push_back(plan_of(bench, way, Verification::kOff, readers, bytes));
        }
        bench.cases.push_back(std::move(added));
    }
}

}  // namespace mapferry::bench
