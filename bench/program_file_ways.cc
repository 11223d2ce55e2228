// SPDX-License-Identifier: Apache-2.0
// Ways of the system's own programs.
#include <cstdio>
#include <filesystem>

#include "bench/file_way.h"

namespace mapferry::bench {

namespace {

constexpr std::uint64_t kCatBlockBytes = 131072;  // the size of one read of `cat`

std::string first_output(const FileRun& run) {
    if (run.target == Target::kDiscarded) return "/dev/null";
    return run.target == Target::kReplaced ? run.files.output + ".new" : run.files.output;
}

// cat SOURCE | cat > OUTPUT; a replaced output is renamed at the end.
Ending run_cat_cat(const FileRun& run) {
    ProcessGroup group(run.start, errors_of(run.fault));
    {
        const Channel pipe = make_pipe();
        const Descriptor output =
            open_file(first_output(run),
                      run.target == Target::kReplaced ? OpenFor::kCreating : OpenFor::kOverwriting);
        group.start({.words = {"cat", run.files.source}, .descriptors = {{1, pipe.to.get()}}});
        group.start({.words = {"cat"}, .descriptors = {{0, pipe.from.get()}, {1, output.get()}}});
    }
    const Ending ending = group.wait();
    if (run.target == Target::kReplaced)
        std::filesystem::rename(first_output(run), run.files.output);
    return ending;
}

// cat SOURCE | a receiver that hashes.
Ending run_cat_receiver(const FileRun& run) {
    ProcessGroup group(run.start, errors_of(run.fault));
    {
        const Channel pipe = make_pipe();
        const Channel note = prefilled_note(run.files.digest);
        group.start({.words = {"cat", run.files.source}, .descriptors = {{1, pipe.to.get()}}});
        group.start(
            receiver_command(run, "read", kCatBlockBytes, pipe.from.get(), note.from.get()));
    }
    return group.wait();
}

enum class CopyTo : std::uint8_t { kTheOutput, kANewFile };

// cp SOURCE OUTPUT. kANewFile: the copy gets another name and is renamed at the end, so that the
// output is replaced completely or not at all. Verified: the copy is then read and hashed.
Ending run_cp(const FileRun& run, CopyTo to) {
    ProcessGroup group(run.start, errors_of(run.fault));
    const bool renames = to == CopyTo::kANewFile;
    const std::string target = renames ? first_output(run) : run.files.output;
    group.start({.words = {"cp", run.files.source, target}});
    const Ending copied = group.wait();
    if (copied.exit_code != 0) return copied;
    if (renames) std::filesystem::rename(target, run.files.output);
    if (run.verification == Verification::kOff) return copied;
    const Descriptor copy = open_file(run.files.output, OpenFor::kReading);
    const Channel note = prefilled_note(run.files.digest);
    FileRun reading = run;
    reading.target = Target::kDiscarded;
    group.start(receiver_command(reading, "read", kCatBlockBytes, copy.get(), note.from.get()));
    return group.wait();
}

}  // namespace

void add_program_file_ways(std::vector<FileWay>& ways) {
    ways.push_back({.name = "cat | cat",
                    .targets = {Target::kOverwritten, Target::kReplaced, Target::kDiscarded},
                    .run =
                        [](const FileRun& run) {
                            return run.verification == Verification::kOn ? run_cat_receiver(run)
                                                                         : run_cat_cat(run);
                        },
                    .shown = Shown::kAtAnySize,
                    .verified_note = "cat | a receiver that hashes; the sender hashes nothing"});
    ways.push_back({.name = "cp",
                    .targets = {Target::kReplaced},
                    .run = [](const FileRun& run) { return run_cp(run, CopyTo::kTheOutput); },
                    .shown = Shown::kEverywhere,
                    .note = "truncates the output and writes into it",
                    .verified_note = "then the copy is read and hashed"});
    ways.push_back({.name = "cp and mv",
                    .targets = {Target::kReplaced},
                    .run = [](const FileRun& run) { return run_cp(run, CopyTo::kANewFile); },
                    .shown = Shown::kEverywhere,
                    .note = "to a new file that takes the output's name, as ours does",
                    .verified_note = "then the copy is read and hashed"});
}

}  // namespace mapferry::bench
