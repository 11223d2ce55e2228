#include "writer/send_frames_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "cli/image_text.h"
#include "cli/progress.h"
#include "mapferry/frame_writer.h"
#include "mapferry/source.h"
#include "mapferry/units.h"
#include "writer/frame_clock.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kBeatMs = 100;

// The videos named on the command line, one after the other, again from the first with --loop.
// Standard input can't be read twice: for --loop its frames are kept in memory.
class VideoInput {
  public:
    VideoInput(const WriterCommand& command, std::function<Result<void>()> beat)
        : command_(&command), beat_(std::move(beat)) {}

    // Fills `frame`; false when there are no more frames.
    Result<bool> read(std::span<std::byte> frame);

  private:
    Result<bool> open_next();
    Result<std::size_t> fill(std::span<std::byte> frame);

    const WriterCommand* command_;
    std::function<Result<void>()> beat_;
    std::optional<Source> source_;
    std::size_t next_file_ = 0;
    bool any_in_round_ = false;
    std::vector<std::vector<std::byte>> kept_;  // of standard input
    std::size_t next_kept_ = 0;
    bool replaying_ = false;
};

// The next file; false when all have had their turn.
Result<bool> VideoInput::open_next() {
    if (next_file_ == command_->files.size()) {
        if (!command_->loop || !any_in_round_) return false;
        next_file_ = 0;
        any_in_round_ = false;
        replaying_ = true;
    }
    const std::string& path = command_->files[next_file_++];
    next_kept_ = 0;
    source_.reset();
    if (path == "-" && replaying_) return true;  // from kept_
    auto source = path == "-" ? Source::standard_input() : Source::open_file(path);
    if (!source) return pass(source.error());
    source_ = std::move(*source);
    return true;
}

// Reads until the frame is full or the source ends.
Result<std::size_t> VideoInput::fill(std::span<std::byte> frame) {
    std::size_t filled = 0;
    while (filled < frame.size()) {
        auto ready = source_->wait_ready(kBeatMs);
        if (!ready) return pass(ready.error());
        if (auto alive = beat_(); !alive) return pass(alive.error());
        if (!*ready) continue;
        auto got = source_->read(frame.subspan(filled));
        if (!got && got.error().code == Code::kInterrupted) continue;
        if (!got) return pass(got.error());
        if (*got == 0) break;
        filled += *got;
    }
    return filled;
}

Result<bool> VideoInput::read(std::span<std::byte> frame) {
    while (true) {
        if (!source_ && next_kept_ < kept_.size() && replaying_) {
            std::ranges::copy(kept_[next_kept_++], frame.begin());
            any_in_round_ = true;
            return true;
        }
        if (source_) {
            auto filled = fill(frame);
            if (!filled) return pass(filled.error());
            const bool standard_input = command_->files[next_file_ - 1] == "-";
            if (*filled == frame.size()) {
                if (command_->loop && standard_input)
                    kept_.emplace_back(frame.begin(), frame.end());
                any_in_round_ = true;
                return true;
            }
            if (*filled != 0)
                return fail(Code::kCorrupt,
                            fmt::format("{} ends in the middle of a frame: {} bytes of {}",
                                        command_->files[next_file_ - 1], *filled, frame.size()),
                            "is --image right?");
        }
        auto opened = open_next();
        if (!opened || !*opened) return opened;
    }
}

Result<FrameWriter> create_writer(const WriterCommand& command, const ImageDescription& image,
                                  const std::atomic<int>& stop) {
    const std::uint64_t frame_bytes = image.row_stride_bytes * image.height;
    return FrameWriter::create({.address = command.common.address,
                                .delivery = command.lossless ? Delivery::kEach : Delivery::kLatest,
                                .frame_limit_bytes = frame_bytes,
                                .slot_count = static_cast<std::uint32_t>(command.slot_count),
                                .checksum = Checksum::kAll,
                                .timeout_ms = command.common.timeout_ms,
                                .stop = &stop});
}

Result<void> publish_all(const WriterCommand& command, const ImageDescription& image,
                         FrameWriter& writer, const std::atomic<int>& stop) {
    const auto beat = [&]() -> Result<void> {
        // relaxed: the flag alone is the message
        if (stop.load(std::memory_order_relaxed) != 0)
            return fail(Code::kInterrupted, "interrupted");
        writer.beat();
        return {};
    };
    VideoInput input(command, beat);
    FrameClock clock(command.frames_per_second);
    for (std::uint64_t sent = 0; command.count == 0 || sent < command.count; ++sent) {
        auto loan = writer.loan(image, command.common.timeout_ms);
        if (!loan) return pass(loan.error());
        auto more = input.read(loan->bytes());
        if (!more) return pass(more.error());
        if (!*more) return {};
        if (auto due = clock.wait(beat); !due) return due;
        auto published = writer.publish(std::move(*loan), image);
        if (!published) return pass(published.error());
    }
    return {};
}

void report_end(const Messages& messages, const FrameWriterReport& report,
                const ImageDescription& image, double seconds) {
    const double bytes = static_cast<double>(report.frames) *
                         static_cast<double>(image.row_stride_bytes * image.height);
    if (messages.json()) {
        messages.event({{"event", "end"},
                        {"frames", report.frames},
                        {"image", image_json(image)},
                        {"seconds", seconds},
                        {"readers_lost", report.readers_lost}});
        return;
    }
    const double rate = seconds > 0 ? bytes / seconds : 0;
    messages.note(fmt::format("{} frames  {}  {:.1f} frames/s  {}/s  sent", report.frames,
                              to_string(image),
                              seconds > 0 ? static_cast<double>(report.frames) / seconds : 0.0,
                              format_bytes(static_cast<std::uint64_t>(rate))));
    if (report.readers_lost != 0)
        messages.warning(fmt::format("{} readers were lost", report.readers_lost));
}

Result<void> send_frames(const WriterCommand& command, const Messages& messages,
                         const ImageDescription& image, FrameWriter& writer,
                         const std::atomic<int>& stop) {
    if (command.readers_given || command.lossless) {
        auto came = writer.wait_for_readers(static_cast<std::uint32_t>(command.readers),
                                            command.common.timeout_ms);
        if (!came) return came;
    }
    const double began_s = clock_s();
    if (auto sent = publish_all(command, image, writer, stop); !sent) return sent;
    auto report = writer.close();
    if (!report) return pass(report.error());
    report_end(messages, *report, image, clock_s() - began_s);
    return {};
}

Result<void> check(const WriterCommand& command) {
    if (command.files.empty())
        return fail(Code::kUsage, "no frames to send", "name files of raw video, or -");
    if (command.keep || !command.texts.empty())
        return fail(Code::kUsage, "--frames goes with neither --keep nor --text");
    if (command.image.empty())
        return fail(Code::kUsage, "raw video does not say what a frame is",
                    "say it with --image 3840x2160:BGR24");
    if (std::ranges::count(command.files, "-") > 1)
        return fail(Code::kUsage, "standard input can be sent only once");
    return {};
}

}  // namespace

int run_send_frames(const WriterCommand& command, const std::atomic<int>& stop) {
    const Messages messages = command.common.messages("mapferry-writer");
    if (auto checked = check(command); !checked) return messages.error(checked.error());
    auto image = parse_image(command.image);
    if (!image) return messages.error(image.error());
    auto writer = create_writer(command, *image, stop);
    if (!writer) return messages.error(writer.error());
    auto sent = send_frames(command, messages, *image, *writer, stop);
    if (sent) return 0;
    writer->abort(sent.error().code);
    return sent.error().code == Code::kInterrupted ? static_cast<int>(Code::kInterrupted)
                                                   : messages.error(sent.error());
}

}  // namespace mapferry::cli
