// SPDX-License-Identifier: Apache-2.0
// The ways of mapferry-writer and mapferry-reader.
#include "bench/bench_host.h"
#include "bench/file_way.h"
#include "bench/peer_words.h"

namespace mapferry::bench {

namespace {

std::string program(const FileRun& run, const std::string& side) {
    if (run.fault != Fault::kNone && side == "writer")
        return run.programs + "/mapferry-bench-writer-faulty";
    if (run.verification == Verification::kOff)
        return run.programs + "/mapferry-bench-" + side + "-unverified";
    return run.programs + "/mapferry-" + side;
}

using Words = std::vector<std::string>;

Words output_words(const FileRun& run) {
    if (run.target == Target::kDiscarded) return {"--null"};
    return {"-o", run.files.output, run.target == Target::kOverwritten ? "--in-place" : "--force"};
}

Ending run_pair(const FileRun& run, const Words& output, const Command& reader_part) {
    ProcessGroup group(run.start, errors_of(run.fault));
    const std::string channel = new_channel();
    group.start({.words = {program(run, "writer"), "-q", "--name", channel, run.files.source}});
    Command reader = {.words = {program(run, "reader"), "-q", "--name", channel},
                      .descriptors = reader_part.descriptors};
    reader.words.insert(reader.words.end(), output.begin(), output.end());
    group.start(reader);
    return group.wait();
}

// Standard output is the output file, which was opened without truncation.
Ending run_to_standard_output(const FileRun& run) {
    const Descriptor output = open_file(run.files.output, OpenFor::kOverwriting);
    return run_pair(run, {"-o", "-"}, {.words = {}, .descriptors = {{1, output.get()}}});
}

}  // namespace

void add_own_file_ways(std::vector<FileWay>& ways, const BenchSettings& settings) {
    const auto run = [](const FileRun& one) { return run_pair(one, output_words(one), {}); };
    ways.push_back({.name = "mapferry",
                    .targets = {Target::kReplaced, Target::kDiscarded},
                    .run = run,
                    .shown = Shown::kEverywhere});
    const bool is_there = has_option(settings.programs + "/mapferry-reader", "--in-place");
    ways.push_back({.name = "mapferry --in-place",
                    .targets = {Target::kOverwritten},
                    .run = run,
                    .shown = Shown::kEverywhere,
                    .missing = is_there ? "" : "mapferry-reader has no --in-place"});
    ways.push_back({.name = "mapferry -o -",
                    .targets = {Target::kOverwritten},
                    .run = run_to_standard_output,
                    .shown = is_there ? Shown::kSometimes : Shown::kAtAnySize,
                    .note = "standard output is the existing file"});
}

}  // namespace mapferry::bench
