// SPDX-License-Identifier: Apache-2.0
#include "console/look/view_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/deadline.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/screen.h"
#include "cli/short_names.h"
#include "cli/terminal.h"
#include "console/look/seen_picture.h"
#include "mapferry/frame_reader.h"
#include "mapferry/image_convert.h"
#include "mapferry/image_file.h"
#include "mapferry/inspect.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kKeyLook{
    50};  // between two looks at the keys while no frame comes
constexpr ScreenSize kUsualSize{.columns = 80, .rows = 24};

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Colors colors_for(const ViewCommand& command) {
    if (command.colors) return *command.colors;
    return colors_of({.is_terminal = stdout_is_terminal(),
                      .no_color = !variable("NO_COLOR").empty(),
                      .colorterm = variable("COLORTERM"),
                      .term = terminal_kind()});
}

// The room for a picture. Without --size, `rows_of_words` rows of the terminal stay free.
ScreenSize room_for(const ViewCommand& command, int rows_of_words) {
    ScreenSize size = command.size.value_or(screen_size().value_or(kUsualSize));
    if (!command.size) size.rows = std::max(size.rows - rows_of_words, 1);
    return size;
}

Result<RgbPicture> small_picture(const ViewCommand& command, const Image& image,
                                 const ScreenSize& room) {
    const auto options = convert_options(command.levels, image.view());
    if (!options) return std::unexpected(options.error());
    auto rgb = convert_image(image.view(), kFourccRgb24, *options);
    if (!rgb) return std::unexpected(rgb.error());
    const PixelSize whole{.width = rgb->description().width, .height = rgb->description().height};
    return shrink(std::as_const(*rgb).bytes(), whole, fit(whole, room));
}

Result<void> save(const Messages& messages, const ViewCommand& command,
                  const SeenPicture& picture) {
    if (command.save.empty()) return {};
    const std::uint32_t fourcc = picture.image.description().fourcc;
    const auto format = picture_format_of(command.save);
    const std::string loss = format ? encoding_loss(fourcc, *format) : "";
    if (!loss.empty())
        messages.warning(fmt::format("{} pixels lose in {}: {}", pixel_format_name(fourcc),
                                     in_quotes(command.save), loss));
    const auto options = convert_options(command.levels, picture.image.view());
    if (!options) return std::unexpected(options.error());
    return save_image(picture.image.view(), command.save,
                      command.force ? Overwrite::kReplace : Overwrite::kRefuse,
                      {.convert = *options});
}

nlohmann::json picture_json(const ViewCommand& command, const SeenPicture& picture) {
    nlohmann::json object = {{"event", "picture"},
                             {"image", image_json(picture.image.description())}};
    if (picture.sequence) object["sequence"] = *picture.sequence;
    if (!command.save.empty()) object["output"] = command.save;
    return object;
}

// Prints one picture and a line of words below it, or a JSON event.
Result<void> print_picture(const Messages& messages, const ViewCommand& command,
                           const SeenPicture& picture) {
    if (messages.json()) return messages.event(picture_json(command, picture));
    // Two rows stay free, for the words and for the shell's next line.
    auto small = small_picture(command, picture.image, room_for(command, 2));
    if (!small) return std::unexpected(small.error());
    std::string text;
    for (const std::string& line : picture_lines(*small, colors_for(command)))
        text += line + "\n";
    if (auto shown = show(text); !shown) return shown;
    messages.note(picture.what);
    return {};
}

// Informs a user at a terminal that view waits for a section.
void note_waiting(const Messages& messages, const ViewCommand& command) {
    if (command.timeout == std::chrono::milliseconds(0) || !stderr_is_terminal()) return;
    const auto there = inspect_section(command.address);
    if (!there && there.error().code == Code::kNotFound)
        messages.note(fmt::format("waiting for {} ...", to_string(command.address)));
}

Result<FrameReader> open_frames(const Messages& messages, const ViewCommand& command,
                                const std::atomic<int>& stop) {
    note_waiting(messages, command);
    return FrameReader::open(
        {.address = command.address,
         .timeout = command.timeout,
         .successor_timeout = command.follow ? Timeout(kKeyLook) : command.timeout,
         .stop = &stop});
}

Result<SeenPicture> see_newest(FrameReader& reader, const ViewCommand& command,
                               const std::atomic<int>& stop) {
    auto frame = reader.latest(command.timeout);
    if (!frame) return std::unexpected(frame.error());
    if (!*frame) return fail(Code::kPeerGone, "the writer ended before a frame came");
    return see_frame(**frame, command.sandbox, stop);
}

Result<void> view_once(const Messages& messages, const ViewCommand& command,
                       const std::atomic<int>& stop) {
    auto reader = open_frames(messages, command, stop);
    const bool files = !reader && reader.error().code == Code::kUsage;
    if (!reader && !files) return std::unexpected(reader.error());
    auto picture = files ? see_kept_picture(command.address, command.timeout, command.sandbox, stop)
                         : see_newest(*reader, command, stop);
    if (!picture) return std::unexpected(picture.error());
    if (auto saved = save(messages, command, *picture); !saved) return saved;
    return print_picture(messages, command, *picture);
}

// Shows each newest frame in the place of the last one.
class LiveView {
  public:
    LiveView(const ViewCommand& command, const std::atomic<int>& stop, FrameReader reader,
             Screen screen)
        : command_(&command),
          stop_(&stop),
          reader_(std::move(reader)),
          screen_(std::move(screen)),
          colors_(colors_for(command)) {}

    // Runs until a key, a signal or the writer's end.
    Result<void> run() {
        while (true) {
            if (const auto key = screen_.wait_key(0); key == 'q') return {};
            if (is_stopped(*stop_)) return interrupted();
            const bool continued = screen_.take_continued();
            auto news = look();
            if (!news) return std::unexpected(news.error());
            if (*news == News::kEnd) return {};
            const ScreenSize room = room_for(*command_, 1);
            if (!picture_ || (*news == News::kNone && room == room_ && !continued)) continue;
            if (auto drawn = draw(room); !drawn) return drawn;
        }
    }

  private:
    enum class News : std::uint8_t { kFrame, kNone, kEnd };

    Result<News> look() {
        auto frame = reader_.latest(kKeyLook);
        if (!frame && frame.error().code == Code::kTimedOut) return News::kNone;
        if (!frame && frame.error().code == Code::kPeerGone) return wait_for_another(frame.error());
        if (!frame) return std::unexpected(frame.error());
        if (!*frame) return News::kEnd;
        until_another_.reset();
        missed_ += (*frame)->missed();
        auto seen = see_frame(**frame, command_->sandbox, *stop_);
        if (!seen) return std::unexpected(seen.error());
        picture_ = std::move(*seen);
        return News::kFrame;
    }

    // The last picture stays on the screen while view waits for another writer.
    Result<News> wait_for_another(const Status& gone) {
        const bool known = until_another_.has_value();
        if (!known) until_another_.emplace(command_->timeout);
        if (until_another_->is_over()) return std::unexpected(gone);
        return known ? News::kNone : News::kFrame;
    }

    Result<void> draw(const ScreenSize& room) {
        auto small = small_picture(*command_, picture_->image, room);
        if (!small) return std::unexpected(small.error());
        // A new size clears the old picture completely.
        std::string text = room == room_ ? kCursorHome : kClearScreen;
        room_ = room;
        for (const std::string& line : picture_lines(*small, colors_))
            text += line + kClearToLineEnd + "\r\n";
        std::string words = fmt::format("q quit  {}, {} missed", picture_->what, missed_);
        if (until_another_) words = "q quit  the writer has gone; waiting for another one";
        words.resize(std::min(words.size(), static_cast<std::size_t>(room.columns)));
        return show(text + words + kClearToScreenEnd);
    }

    const ViewCommand* command_;
    const std::atomic<int>* stop_;
    FrameReader reader_;
    Screen screen_;
    Colors colors_;
    std::optional<SeenPicture> picture_;
    ScreenSize room_ = {};
    std::uint64_t missed_ = 0;
    std::optional<Deadline> until_another_;  // while the writer is gone
};

Result<void> view_on(const Messages& messages, const ViewCommand& command,
                     const std::atomic<int>& stop) {
    if (!command.save.empty() || messages.json())
        return fail(Code::kUsage, "--follow goes with neither --save nor --json");
    if (!screen_size())
        return fail(Code::kUsage, "--follow needs a terminal, and standard output is none",
                    "without it view prints the newest frame");
    auto reader = open_frames(messages, command, stop);
    if (!reader) return std::unexpected(reader.error());
    auto screen = Screen::open();
    if (!screen) return std::unexpected(screen.error());
    return LiveView(command, stop, std::move(*reader), std::move(*screen)).run();
}

}  // namespace

int run_view(const Messages& messages, const ViewCommand& command, const std::atomic<int>& stop) {
    return messages.ended(command.follow ? view_on(messages, command, stop)
                                         : view_once(messages, command, stop));
}

}  // namespace mapferry::cli
