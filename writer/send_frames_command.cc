// SPDX-License-Identifier: Apache-2.0
#include "writer/send_frames_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "cli/exit_code.h"
#include "cli/image_text.h"
#include "cli/notes_text.h"
#include "cli/progress.h"
#include "cli/short_names.h"
#include "mapferry/detail/units.h"
#include "mapferry/frame_writer.h"
#include "writer/file_input.h"
#include "writer/frame_clock.h"
#include "writer/name_turn.h"
#include "writer/sender_notes.h"
#include "writer/video_input.h"

namespace mapferry::cli {

namespace {

// Without --image the files say themselves what their frames are. Without --fps each frame counts
// then, so the writer waits for readers. With --fps the frames have a pace of their own, and slow
// readers miss some.
bool is_video(const WriterCommand& command) {
    return !command.image.empty();
}

bool waits_for_readers(const WriterCommand& command) {
    return command.lossless || (!is_video(command) && command.frame_rate.numerator == 0);
}

// What frames and stream say of themselves because of the command line.
struct Said {
    std::string metadata;
    std::string description;
};

Result<Said> read_said(const WriterCommand& command) {
    auto metadata = metadata_for_frames(command);
    if (!metadata) return std::unexpected(metadata.error());
    auto description = description_of(command);
    if (!description) return std::unexpected(description.error());
    return Said{.metadata = std::move(*metadata), .description = std::move(*description)};
}

Result<void> describe_stream(const WriterCommand& command, const Said& said, FrameWriter& writer) {
    if (command.frame_rate.numerator != 0)
        if (auto set = writer.set_facts({.frame_rate = command.frame_rate}); !set) return set;
    return said.description.empty() ? Result<void>() : writer.describe(said.description);
}

// Counts of the frames that were sent so far.
struct Tally {
    std::uint64_t bytes = 0;
    std::optional<ImageDescription> image;    // of the last frame
    std::optional<TensorDescription> tensor;  // the same
    bool several_shapes = false;
    bool source_changed = false;
    double began_s = clock_s();
};

std::uint64_t frame_limit(const WriterCommand& command,
                          const std::optional<ImageDescription>& video) {
    if (video) return planes_of(*video).value_or(ImagePlanes{}).image_bytes;
    if (command.slot_capacity_bytes != 0) return command.slot_capacity_bytes;
    return FrameWriterOptions().frame_limit_bytes;
}

Result<FrameWriter> create_frame_writer(const WriterCommand& command,
                                        std::uint64_t frame_limit_bytes,
                                        const std::atomic<int>& stop) {
    const auto readers = static_cast<std::uint32_t>(command.readers);
    return FrameWriter::create(
        {.address = command.common.address,
         .delivery = waits_for_readers(command) ? FrameDelivery::kEach : FrameDelivery::kLatest,
         .frame_limit_bytes = frame_limit_bytes,
         .slot_count = static_cast<std::uint32_t>(command.slot_count),
         .reader_limit = std::max(readers, FrameWriterOptions().reader_limit),
         .checksum = Checksum::kAll,
         .stall_timeout = command.common.stall_timeout,
         .stop = &stop});
}

std::unique_ptr<FrameInput> make_input(const WriterCommand& command, const Messages& messages,
                                       const std::optional<ImageDescription>& video) {
    if (video) return std::make_unique<VideoInput>(command, *video, messages);
    const std::uint64_t limit = frame_limit(command, video);
    ImageLimits limits;
    limits.file_bytes_max = std::max(limits.file_bytes_max, limit);
    limits.pixel_bytes_max = limit;
    return std::make_unique<FileInput>(command, limits, messages);
}

void count(const FrameLoan& frame, Tally& tally) {
    const FrameNotes& notes = frame.notes();
    const bool is_first = !tally.image && !tally.tensor;
    tally.bytes += frame.bytes().size();
    tally.several_shapes |=
        !is_first && (tally.image != notes.image || tally.tensor != notes.tensor);
    tally.image = notes.image;
    tally.tensor = notes.tensor;
}

Result<void> publish_all(const WriterCommand& command, const Said& said, FrameInput& input,
                         FrameWriter& writer, Tally& tally) {
    FrameClock clock(number_of(command.frame_rate));
    for (std::uint64_t sent = 0; command.count == 0 || sent < command.count; ++sent) {
        auto ready = input.next(writer);
        if (!ready) return std::unexpected(ready.error());
        if (!*ready) return {};
        if (auto due = clock.wait([&writer] { return writer.check(); }); !due) return due;
        count(**ready, tally);
        if (!said.metadata.empty()) {
            auto noted = (*ready)->set_metadata({.content_type = kJsonContentType,
                                                 .bytes = std::as_bytes(std::span(said.metadata))});
            if (!noted) return noted;
        }
        auto published = writer.publish(std::move(**ready));
        if (!published) return std::unexpected(published.error());
    }
    return {};
}

std::string shape_text(const Tally& tally) {
    if (tally.several_shapes) return "several shapes";
    if (tally.tensor) return to_string(*tally.tensor);
    return tally.image ? to_string(*tally.image) : "no image";
}

void warn_of_removals(const Messages& messages, const FrameWriterReport& report) {
    if (report.renewals != 0)
        messages.warning(fmt::format(
            "the section was removed and created again {} times; mapferry doctor looks for what "
            "removes it",
            report.renewals));
    if (report.name_was_lost)
        messages.warning("the section was removed meanwhile: later readers could not find it");
}

Result<void> report_end(const Messages& messages, const FrameWriterReport& report,
                        const Tally& tally, const LeftOut& left_out) {
    warn_of_removals(messages, report);
    const double seconds = clock_s() - tally.began_s;
    const double frames = static_cast<double>(report.frames);
    if (messages.json()) {
        nlohmann::json object = {{"event", "end"},
                                 {"frames", report.frames},
                                 {"left_out", left_out.count},
                                 {"seconds", seconds},
                                 {"source_changed", tally.source_changed},
                                 {"readers_lost", report.readers_lost},
                                 {"renewals", report.renewals},
                                 {"name_was_lost", report.name_was_lost}};
        if (tally.image) object["image"] = image_json(*tally.image);
        if (tally.tensor) object["tensor"] = tensor_json(*tally.tensor);
        return messages.event(object);
    }
    const double rate = seconds > 0 ? static_cast<double>(tally.bytes) / seconds : 0;
    messages.note(fmt::format("{} frames  {}  {:.1f} frames/s  {}/s  sent{}", report.frames,
                              shape_text(tally), seconds > 0 ? frames / seconds : 0.0,
                              format_bytes(static_cast<std::uint64_t>(rate)),
                              tally.source_changed ? kChangedMark : ""));
    if (left_out.count != 0)
        messages.warning(left_out.count == 1
                             ? "one frame was left out"
                             : fmt::format("{} frames were left out", left_out.count));
    if (report.readers_lost != 0)
        messages.warning(fmt::format("{} readers were lost", report.readers_lost));
    return {};
}

// Returns what the input left out.
Result<LeftOut> send_frames(const WriterCommand& command, const Messages& messages,
                            const std::optional<ImageDescription>& video, const Said& said,
                            FrameWriter& writer) {
    if (auto described = describe_stream(command, said, writer); !described)
        return std::unexpected(described.error());
    const auto input = make_input(command, messages, video);
    if (auto right = input->check(); !right) return std::unexpected(right.error());
    if (command.readers_given || waits_for_readers(command)) {
        auto came = writer.wait_for_readers(static_cast<std::uint32_t>(command.readers),
                                            command.common.timeout);
        if (!came) return std::unexpected(came.error());
    }
    Tally tally;
    auto sent = publish_all(command, said, *input, writer, tally);
    if (sent) sent = input->finish();
    if (!sent) return std::unexpected(sent.error());
    LeftOut left_out = input->left_out();
    // When no frame was sent, readers get the reason.
    if (left_out.first && writer.report().frames == 0) {
        writer.abort(*left_out.first);
        return left_out;
    }
    auto report = writer.close();
    if (!report) return std::unexpected(report.error());
    tally.source_changed = input->source_changed();
    if (auto told = report_end(messages, *report, tally, left_out); !told)
        return std::unexpected(told.error());
    return left_out;
}

// When memory for a slot is missing, fewer slots help too.
Status with_slots_advice(Status status) {
    if (status.code == Code::kIo && status.remedy == Remedy::kUseBackingFile)
        status.hint = "keep fewer frames (--slots), or " + status.hint;
    return status;
}

Result<void> check(const WriterCommand& command) {
    if (command.files.empty())
        return fail(Code::kUsage, "no frames to send",
                    "name pictures, .npy files or video, or -; raw video with its --image");
    if (command.keep || !command.texts.empty())
        return fail(Code::kUsage, "--frames goes with neither --keep nor --text");
    if (std::ranges::count(command.files, "-") > 1)
        return fail(Code::kUsage, "standard input can be sent only once");
    return {};
}

}  // namespace

int run_send_frames(const WriterCommand& command, const std::atomic<int>& stop) {
    const Messages messages = command.common.messages();
    if (auto checked = check(command); !checked) return messages.ended(checked.error());
    std::optional<ImageDescription> video;
    if (is_video(command)) {
        auto image = parse_image(command.image);
        if (!image) return messages.ended(image.error());
        video = *image;
    }
    const auto said = read_said(command);
    if (!said) return messages.ended(said.error());
    auto writer = create_in_turn(command, messages, stop, [&] {
        return create_frame_writer(command, frame_limit(command, video), stop);
    });
    if (!writer) return messages.ended(writer.error());
    auto sent = send_frames(command, messages, video, *said, *writer);
    if (sent) return sent->first ? exit_code(sent->first->code) : 0;
    writer->abort(sent.error());
    return messages.ended(with_slots_advice(std::move(sent.error())));
}

}  // namespace mapferry::cli
