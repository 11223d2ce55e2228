// SPDX-License-Identifier: Apache-2.0
#include "reader/receive_frames_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "cli/image_text.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/frame_reader.h"
#include "reader/frame_output.h"

namespace mapferry::cli {

namespace {

// What this run has received so far.
struct Tally {
    std::uint64_t frames = 0;
    std::uint64_t missed = 0;
    std::uint64_t bytes = 0;
    std::uint64_t unhashed = 0;
    std::uint64_t writers = 1;
    double began_s = clock_s();
    std::optional<ImageDescription> image;
    std::vector<std::byte> copy;  // of the current frame
};

// Reports what changes between frames: the writer or the shape.
Result<void> note_changes(const Messages& messages, const Frame& frame, const FrameOutput& output,
                          Tally& tally) {
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
    return noted;
}

// Verifies the frame in place, or in a copy when the output keeps frames. The slot goes back to the
// writer before the output takes the copy, because the output may be slow.
Result<void> take_frame(const Messages& messages, Frame frame, FrameOutput& output, Tally& tally) {
    if (auto noted = note_changes(messages, frame, output, tally); !noted) return noted;
    if (!frame.has_checksum()) ++tally.unhashed;
    const std::uint64_t missed = frame.missed();
    const std::uint64_t bytes = frame.bytes().size();
    const auto image = frame.image();
    Result<void> taken;
    if (output.keeps_frames()) {
        tally.copy.resize(frame.bytes().size());
        taken = frame.copy_to(tally.copy);
        {
            [[maybe_unused]] const Frame let_go = std::move(frame);
        }
        if (taken) taken = output.put(tally.copy, image);
    } else if (frame.has_checksum()) {
        taken = frame.verify();
    }
    if (!taken) return taken;
    ++tally.frames;
    tally.missed += missed;
    tally.bytes += bytes;
    return {};
}

// Waits as long as the writer's process lives, unless --stall-timeout was given.
Result<std::optional<Frame>> await_frame(const ReaderCommand& command, FrameReader& reader) {
    const Timeout& timeout = command.common.stall_timeout;
    return command.latest ? reader.latest(timeout) : reader.next(timeout);
}

Result<void> receive_all(const ReaderCommand& command, const Messages& messages,
                         FrameReader& reader, FrameOutput& output, Tally& tally) {
    while (command.count == 0 || tally.frames < command.count) {
        auto frame = await_frame(command, reader);
        if (!frame) return std::unexpected(frame.error());
        if (!*frame) break;
        auto taken = take_frame(messages, std::move(**frame), output, tally);
        if (!taken) return taken;
    }
    if (command.count != 0 && tally.frames < command.count)
        return fail(Code::kPeerGone, fmt::format("the writer ended after {} frames of {}",
                                                 tally.frames, command.count));
    return output.finish();
}

Result<void> report_end(const Messages& messages, const Tally& tally) {
    const double seconds = clock_s() - tally.began_s;
    const double frames = static_cast<double>(tally.frames);
    const double rate = seconds > 0 ? frames / seconds : 0;
    if (messages.json()) {
        nlohmann::json object = {{"event", "end"},         {"frames", tally.frames},
                                 {"missed", tally.missed}, {"unhashed", tally.unhashed},
                                 {"bytes", tally.bytes},   {"writers", tally.writers},
                                 {"seconds", seconds}};
        if (tally.image) object["image"] = image_json(*tally.image);
        return messages.event(object);
    }
    const double byte_rate = seconds > 0 ? static_cast<double>(tally.bytes) / seconds : 0;
    messages.note(fmt::format(
        "{} frames, {} missed  {}  {:.1f} frames/s  {}/s  {}", tally.frames, tally.missed,
        tally.image ? to_string(*tally.image) : "no image", rate,
        format_bytes(static_cast<std::uint64_t>(byte_rate)),
        tally.unhashed == 0 ? "verified" : fmt::format("{} without checksum", tally.unhashed)));
    return {};
}

Result<void> check(const ReaderCommand& command) {
    if (command.discard && !command.output.empty())
        return fail(Code::kUsage, "--null discards the frames, so -o makes no sense with it");
    if (!command.discard && command.output.empty())
        return fail(
            Code::kUsage, "no output for the frames",
            "-o - for raw video on standard output, -o FILE, -o 'frame-%06d.png' for pictures, "
            "or --null");
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
    Tally tally;
    auto received = receive_all(command, messages, *reader, **output, tally);
    if (received || received.error().code == Code::kInterrupted) {
        auto reported = report_end(messages, tally);
        if (received) received = reported;
    }
    return messages.ended(received);
}

}  // namespace mapferry::cli
