// SPDX-License-Identifier: Apache-2.0
#include "reader/receive_frames_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/notes_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/frame_reader.h"
#include "reader/frame_event.h"
#include "reader/frame_output.h"

namespace mapferry::cli {

namespace {

// Counts of the frames that this run has received.
struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t missed = 0;
    std::uint64_t bytes = 0;
    std::uint64_t unhashed = 0;
    std::uint64_t timed = 0;    // frames that have a latency
    double latency_sum_ns = 0;  // of these

    void add(const Frame& frame);
    // From capture or publication to this program; empty: not known.
    [[nodiscard]] std::optional<std::uint64_t> latency_mean_ns() const {
        if (timed == 0) return std::nullopt;
        return static_cast<std::uint64_t>(latency_sum_ns / static_cast<double>(timed));
    }
};

void Counts::add(const Frame& frame) {
    ++frames;
    missed += frame.missed();
    bytes += frame.bytes().size();
    if (!frame.has_checksum()) ++unhashed;
    const auto latency_ns = frame.latency_ns();
    if (!latency_ns) return;
    ++timed;
    latency_sum_ns += static_cast<double>(*latency_ns);
}

// What this run has received so far.
struct FrameTally {
    Counts counts;
    std::uint64_t writers = 1;
    double began_s = clock_s();
    std::optional<ImageDescription> image;    // of the last frame that had one
    std::optional<TensorDescription> tensor;  // the same
    std::vector<std::byte> copy;              // of the current frame
};

// Reports what changes between frames: the writer or the shape.
Result<void> note_changes(const Messages& messages, const Frame& frame, const FrameOutput& output,
                          FrameTally& tally) {
    Result<void> noted;
    if (frame.writer_restarted()) {
        ++tally.writers;
        if (messages.json())
            noted = messages.event(
                {{"event", "writer"}, {"epoch", fmt::format("{:016x}", frame.epoch())}});
        else
            messages.note("another writer has taken over; its frames follow");
    }
    if (output.wants_one_shape() && frame.image() && tally.image && *frame.image() != *tally.image)
        messages.warning(fmt::format("frames change from {} to {}", to_string(*tally.image),
                                     to_string(*frame.image())));
    if (frame.image()) tally.image = frame.image();
    if (frame.tensor()) tally.tensor = frame.tensor();
    return noted;
}

// Verifies the frame in place, or in a copy when the output keeps frames. The slot goes back to the
// writer before the output takes the copy, because the output may be slow.
Result<void> take_frame(const Messages& messages, const FrameReader& reader, Frame frame,
                        FrameOutput& output, FrameTally& tally) {
    if (auto noted = note_changes(messages, frame, output, tally); !noted) return noted;
    Counts counts = tally.counts;
    counts.add(frame);
    nlohmann::json event;
    if (messages.json()) event = frame_json(frame);
    Result<void> taken;
    if (output.keeps_frames()) {
        tally.copy.resize(frame.bytes().size());
        taken = frame.copy_to(tally.copy);
        const TakenFrame copied{.bytes = tally.copy,
                                .image = frame.image(),
                                .tensor = frame.tensor(),
                                .facts = reader.facts()};
        {
            [[maybe_unused]] const Frame let_go = std::move(frame);
        }
        if (taken) taken = output.put(copied);
    } else if (frame.has_checksum()) {
        taken = frame.verify();
    }
    if (taken) tally.counts = counts;
    return taken && messages.json() ? messages.event(event) : taken;
}

// Waits as long as the writer's process lives, unless --stall-timeout was given.
Result<std::optional<Frame>> await_frame(const ReaderCommand& command, FrameReader& reader) {
    const Timeout& timeout = command.common.stall_timeout;
    return command.latest ? reader.latest(timeout) : reader.next(timeout);
}

Result<void> receive_all_frames(const ReaderCommand& command, const Messages& messages,
                                FrameReader& reader, FrameOutput& output, FrameTally& tally) {
    while (command.count == 0 || tally.counts.frames < command.count) {
        auto frame = await_frame(command, reader);
        if (!frame) return std::unexpected(frame.error());
        if (!*frame) break;
        auto taken = take_frame(messages, reader, std::move(**frame), output, tally);
        if (!taken) return taken;
    }
    if (command.count != 0 && tally.counts.frames < command.count)
        return fail(Code::kPeerGone, fmt::format("the writer ended after {} frames of {}",
                                                 tally.counts.frames, command.count));
    return output.finish();
}

std::string shape_text(const FrameTally& tally) {
    if (tally.tensor) return to_string(*tally.tensor);
    return tally.image ? to_string(*tally.image) : "no image";
}

Result<void> report_end(const Messages& messages, const FrameTally& tally) {
    const Counts& counts = tally.counts;
    const double seconds = clock_s() - tally.began_s;
    const double frames = static_cast<double>(counts.frames);
    const double rate = seconds > 0 ? frames / seconds : 0;
    const auto latency_ns = counts.latency_mean_ns();
    if (messages.json()) {
        nlohmann::json object = {{"event", "end"},          {"frames", counts.frames},
                                 {"missed", counts.missed}, {"unhashed", counts.unhashed},
                                 {"bytes", counts.bytes},   {"writers", tally.writers},
                                 {"seconds", seconds}};
        if (latency_ns) object["latency_mean_ns"] = *latency_ns;
        if (tally.image) object["image"] = image_json(*tally.image);
        if (tally.tensor) object["tensor"] = tensor_json(*tally.tensor);
        return messages.event(object);
    }
    const double byte_rate = seconds > 0 ? static_cast<double>(counts.bytes) / seconds : 0;
    messages.note(fmt::format(
        "{} frames, {} missed  {}  {:.1f} frames/s  {}/s  {}{}", counts.frames, counts.missed,
        shape_text(tally), rate, format_bytes(static_cast<std::uint64_t>(byte_rate)),
        latency_ns ? "latency " + latency_text(*latency_ns) + "  " : "",
        counts.unhashed == 0 ? "verified" : fmt::format("{} without checksum", counts.unhashed)));
    return {};
}

Result<void> check(const ReaderCommand& command) {
    if (command.discard && !command.output.empty())
        return fail(Code::kUsage, "--null discards the frames, so -o makes no sense with it");
    if (!command.discard && command.output.empty())
        return fail(
            Code::kUsage, "no output for the frames",
            "-o - for raw video on standard output, -o FILE, -o 'frame-%06d.png' for pictures, "
            ".npy for arrays, or --null");
    if (command.discard && command.y4m)
        return fail(Code::kUsage, "--null discards the frames, so --y4m makes no sense with it");
    if (command.consume || command.preserve)
        return fail(Code::kUsage, "--frames goes with neither --consume nor --preserve");
    return {};
}

}  // namespace

int run_receive_frames(const ReaderCommand& command, const std::atomic<int>& stop) {
    Messages messages = command.common.messages();
    if (auto checked = check(command); !checked) return messages.ended(checked.error());
    if (command.output == "-") messages.leave_stdout_to_payload();
    auto output = open_frame_output(command, stop);
    if (!output) return messages.ended(output.error());
    auto reader =
        FrameReader::open({.address = command.common.address,
                           .timeout = command.patience(),
                           .successor_timeout = command.patience(),
                           .waiting = command.spin ? Waiting::kSpin : Waiting::kSleep,
                           .after_end = command.follow ? AfterEnd::kFollow : AfterEnd::kStop,
                           .stop = &stop});
    if (!reader) return messages.ended(reader.error());
    FrameTally tally;
    auto received = receive_all_frames(command, messages, *reader, **output, tally);
    if (received || received.error().code == Code::kInterrupted) {
        auto reported = report_end(messages, tally);
        if (received) received = reported;
    }
    return messages.ended(received);
}

}  // namespace mapferry::cli
