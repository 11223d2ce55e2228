// SPDX-License-Identifier: Apache-2.0
// Ways of the benchmark's own sender and receiver, which do nothing except move the bytes: pipes,
// splices, sockets, and a file between them.
#include "bench/file_way.h"
#include "bench/peer_words.h"

namespace mapferry::bench {

namespace {

constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;

std::string hash_word(const FileRun& run) {
    return run.verification == Verification::kOn ? "hash=1" : "hash=0";
}

// A receiver that splices does not see the bytes, so a receiver that verifies reads them.
std::string receive_how(const FileRun& run, const std::string& send_how) {
    return send_how != "write" && run.verification == Verification::kOff ? "splice" : "read";
}

Command sender_command(const FileRun& run, const std::string& how, int output, int note) {
    return {.words = {run.programs + "/mapferry-bench-peer", "send", "source=" + run.files.source,
                      "how=" + how, "block=" + std::to_string(kBlockBytes), hash_word(run),
                      "outs=1", "notes=3"},
            .descriptors = {{1, output}, {kNoteDescriptor, note}}};
}

using MakeChannel = Channel (*)();

std::function<Ending(const FileRun&)> streaming(const std::string& how, MakeChannel make) {
    return [how, make](const FileRun& run) {
        ProcessGroup group(run.start, errors_of(run.fault));
        {
            const Channel channel = make();
            const Channel note = make_pipe();
            group.start(sender_command(run, how, channel.to.get(), note.to.get()));
            group.start(receiver_command(run, receive_how(run, how), kBlockBytes,
                                         channel.from.get(), note.from.get()));
        }
        return group.wait();
    };
}

// The file is whole when the sender's note arrives.
Ending run_through_file(const FileRun& run) {
    ProcessGroup group(run.start, errors_of(run.fault));
    {
        const Descriptor written = open_file(run.files.between, OpenFor::kOverwriting);
        const Descriptor read = open_file(run.files.between, OpenFor::kReading);
        const Channel note = make_pipe();
        group.start(sender_command(run, "write", written.get(), note.to.get()));
        Command receiver = receiver_command(run, "read", kBlockBytes, read.get(), note.from.get());
        receiver.words.emplace_back("wait=1");
        group.start(receiver);
    }
    return group.wait();
}

Channel make_tuned_pipe() {
    return make_pipe(PipeSize::k1MiB);
}
Channel make_stream_socket() {
    return make_socket(SocketKind::kStream);
}

}  // namespace

void add_stream_file_ways(std::vector<FileWay>& ways) {
    const std::vector<Target> all = {Target::kOverwritten, Target::kReplaced, Target::kDiscarded};
    const std::string reads = "the receiver reads, for what it splices it can't hash";
    ways.push_back({.name = "pipe of 1 MiB",
                    .targets = all,
                    .run = streaming("write", make_tuned_pipe),
                    .shown = Shown::kAtAnySize});
    ways.push_back({.name = "splice",
                    .targets = all,
                    .run = streaming("splice", make_tuned_pipe),
                    .verified_note = reads});
    ways.push_back({.name = "vmsplice",
                    .targets = all,
                    .run = streaming("vmsplice", make_tuned_pipe),
                    .verified_note = reads});
    ways.push_back(
        {.name = "Unix socket", .targets = all, .run = streaming("write", make_stream_socket)});
    ways.push_back({.name = "file between",
                    .targets = all,
                    .run = run_through_file,
                    .uses_between = true,
                    .note = "written in place, then read"});
}

}  // namespace mapferry::bench
