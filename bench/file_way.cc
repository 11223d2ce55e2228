// SPDX-License-Identifier: Apache-2.0
#include "bench/file_way.h"

#include <fmt/format.h>

#include "bench/peer_words.h"
#include "bench/stream_roles.h"

namespace mapferry::bench {

namespace {

std::string target_word(Target target) {
    switch (target) {
        case Target::kOverwritten:
            return "target=overwritten";
        case Target::kReplaced:
            return "target=replaced";
        case Target::kDiscarded:
            break;
    }
    return "target=discarded";
}

}  // namespace

std::vector<FileWay> all_file_ways(const BenchSettings& settings) {
    std::vector<FileWay> ways;
    add_own_file_ways(ways, settings);
    add_program_file_ways(ways);
    add_stream_file_ways(ways);
    return ways;
}

Command receiver_command(const FileRun& run, const std::string& how, std::uint64_t block_bytes,
                         int input, int note) {
    const bool is_verified = run.verification == Verification::kOn;
    const std::uint64_t fault_at = run.fault == Fault::kNone ? 0 : run.files.bytes / 2;
    return {.words = {run.programs + "/mapferry-bench-peer", "receive", "how=" + how,
                      fmt::format("block={}", block_bytes), is_verified ? "hash=1" : "hash=0",
                      target_word(run.target), "output=" + run.files.output,
                      fmt::format("fault-at={}", fault_at)},
            .descriptors = {{0, input}, {kNoteDescriptor, note}}};
}

Channel prefilled_note(std::uint64_t digest) {
    Channel note = make_pipe();
    write_all(note.to.get(), std::as_bytes(std::span(&digest, 1)));
    return note;
}

Errors errors_of(Fault fault) {
    return fault == Fault::kNone ? Errors::kShow : Errors::kHide;
}

}  // namespace mapferry::bench
