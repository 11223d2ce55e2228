// SPDX-License-Identifier: Apache-2.0
// Question "small": 100,000 payloads of one size, timed from the first that arrived to the last.
#include <fmt/format.h>

#include "bench/bench_cases.h"
#include "bench/bench_host.h"
#include "bench/payload_sizes.h"
#include "bench/peer_words.h"
#include "bench/stream_roles.h"

namespace mapferry::bench {

namespace {

constexpr std::uint64_t kPayloads = 100'000;

constexpr const char* kStreamNote = "begin, write, end for each payload";
constexpr const char* kFramesNote = "a copy of each payload";

using MakeChannel = Channel (*)();

struct SmallWay {
    std::string name;
    bool is_own = false;  // mapferry's library takes and compares the checksums
    MakeChannel make_channel = nullptr;
    std::string options = "defaults";  // as Row::options
    std::string note = {};
    std::string missing = {};
};

std::vector<SmallWay> small_ways() {
    return {
        {.name = "mapferry stream, defaults", .is_own = true, .note = kStreamNote},
        {.name = "mapferry stream",
         .is_own = true,
         .options = "tuned: the writer knows the sizes of all payloads before",
         .note = kStreamNote},
        {.name = "mapferry frames, defaults",
         .is_own = true,
         .options = "defaults but delivery each",
         .note = kFramesNote},
        {.name = "mapferry frames",
         .is_own = true,
         .options = "tuned: delivery each, one reader at most, frames of a payload's size at most",
         .note = kFramesNote},
        {.name = "Boost message_queue",
         .options = "tuned: 1024 messages of a payload's size",
         .missing = MAPFERRY_BENCH_HAS_BOOST ? "" : "Boost is not installed"},
        {.name = "POSIX message queue",
         .options = "tuned: 10 messages, the most that a user may ask for",
         .missing = can_queue_messages() ? "" : "no queue for messages of 4 KiB"},
        {.name = "pipe",
         .make_channel = [] { return make_pipe(); },
         .options = "defaults: a pipe of 64 KiB"},
        {.name = "pipe of 1 MiB",
         .make_channel = [] { return make_pipe(PipeSize::k1MiB); },
         .options = "tuned: a pipe of 1 MiB"},
        {.name = "Unix stream socket",
         .make_channel = [] { return make_socket(SocketKind::kStream); },
         .options = "defaults: the system's buffers"},
        {.name = "Unix seqpacket socket",
         .make_channel = [] { return make_socket(SocketKind::kSeqpacket); },
         .options = "defaults: the system's buffers"}};
}

struct SmallRun {
    SmallWay way;
    std::size_t payload_bytes;
    Verification verification;
    Fault fault;
    std::string programs;
};

// Each kind of hash has its own program.
std::string peer(const SmallRun& run, const std::string& role) {
    std::string name = run.programs + "/mapferry-bench-peer";
    if (run.verification == Verification::kOff) return name + "-unverified";
    const bool is_faulty = run.fault != Fault::kNone && run.way.is_own && role == "send-payloads";
    return is_faulty ? name + "-faulty" : name;
}

Command command(const SmallRun& run, const std::string& role, const std::string& channel) {
    const bool is_faulty = run.fault != Fault::kNone && !run.way.is_own;
    return {.words = {peer(run, role), role, "way=" + run.way.name, "channel=" + channel,
                      fmt::format("count={}", kPayloads),
                      fmt::format("bytes={}", run.payload_bytes),
                      fmt::format("fault-at={}", is_faulty ? kPayloads / 2 : 0)}};
}

Attempt attempt(const SmallRun& run) {
    ProcessGroup group(Start::kSpawn, errors_of(run.fault));
    const std::string channel = new_channel();
    Channel figure = make_pipe();
    {
        Command sender = command(run, "send-payloads", channel);
        Command receiver = command(run, "receive-payloads", channel);
        Channel stream;
        if (run.way.make_channel != nullptr) {
            stream = run.way.make_channel();
            sender.descriptors.emplace_back(1, stream.to.get());
            receiver.descriptors.emplace_back(0, stream.from.get());
        }
        receiver.descriptors.emplace_back(kFigureDescriptor, figure.to.get());
        group.start(sender);
        group.start(receiver);
    }
    figure.to.close();
    const Ending ending = group.wait();
    remove_channel(channel);
    if (ending.exit_code != 0) return {.ending = ending};
    std::int64_t took_ns = 0;
    read_all(figure.from.get(), std::as_writable_bytes(std::span(&took_ns, 1)));
    const double seconds = static_cast<double>(took_ns) / 1e9;
    return {.ending = ending,
            .seconds = seconds,
            .values = {static_cast<double>(kPayloads - 1) / seconds}};
}

// All ways with payloads of one size.
Case case_of(const BenchSettings& settings, std::size_t payload_bytes) {
    Case added = {.rounds = settings.level == Level::kQuick ? 5u : 9u, .plans = {}};
    for (const SmallWay& way : small_ways()) {
        if (!way.missing.empty()) continue;
        for (const Verification verification : {Verification::kOn, Verification::kOff}) {
            const Row row = {
                .question = "small",
                .case_name = fmt::format("100,000 payloads of {}", size_name(payload_bytes)),
                .way = way.name,
                .verified = verification == Verification::kOn,
                .unit = "payloads/s",
                .note = way.note,
                .options = way.options};
            SmallRun run = {way, payload_bytes, verification, Fault::kNone, settings.programs};
            added.plans.push_back({.rows = {row}, .run = [run](const RunRequest& request) mutable {
                                       run.fault = request.fault;
                                       return attempt(run);
                                   }});
        }
    }
    return added;
}

}  // namespace

void add_payload_cases(Bench& bench) {
    for (const SmallWay& way : small_ways())
        if (!way.missing.empty()) bench.skipped.push_back({"small", way.name, way.missing});
    for (const std::size_t payload_bytes : kPayloadSizes) {
        if (bench.settings.level == Level::kQuick && payload_bytes != kQuickPayloadBytes) continue;
        bench.cases.push_back(case_of(bench.settings, payload_bytes));
    }
}

}  // namespace mapferry::bench
