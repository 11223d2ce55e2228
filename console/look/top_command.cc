// SPDX-License-Identifier: Apache-2.0
#include "console/look/top_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/interrupt.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "cli/screen.h"
#include "cli/size_text.h"
#include "console/look/top_table.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kLookMs = 100;  // between two looks at the stop flag and the window size
constexpr int kRowsAround = 3;         // title, column titles, keys

Result<std::vector<SectionAddress>> addresses_of(const TopCommand& command) {
    if (command.only) return std::vector{*command.only};
    const SectionAddress& where = command.where;
    auto names = list_sections(where.reach, where.sharing);
    if (!names) return std::unexpected(names.error());
    std::vector<SectionAddress> addresses;
    for (std::string& name : *names)
        addresses.push_back(
            {.name = std::move(name), .reach = where.reach, .sharing = where.sharing});
    return addresses;
}

enum class Look : std::uint8_t { kFirst, kNext };

// A section that the user named has to be there and readable at first. Later top waits for it,
// because another writer may be about to come.
bool ends_top(const TopCommand& command, Look which, Code code) {
    const bool may_be_in_the_making = code == Code::kNotReady;
    return command.only && (command.once || (which == Look::kFirst && !may_be_in_the_making));
}

Result<TopLook> look(const TopCommand& command, Look which) {
    auto addresses = addresses_of(command);
    if (!addresses) return std::unexpected(addresses.error());
    TopLook now{.at_s = clock_s()};
    for (const SectionAddress& address : *addresses) {
        auto report = inspect_section(address);
        if (report)
            now.sections.push_back(std::move(*report));
        else if (ends_top(command, which, report.error().code))
            return std::unexpected(report.error());
        else if (report.error().code != Code::kNotFound)  // kNotFound: gone meanwhile
            now.unreadable.push_back(address);
    }
    return now;
}

Result<void> wait_interval(const TopCommand& command, const std::atomic<int>& stop) {
    const double end_s = clock_s() + static_cast<double>(command.interval_ms) / 1000;
    while (true) {
        const double left_s = end_s - clock_s();
        if (left_s <= 0) return {};
        if (is_stopped(stop)) return interrupted();
        std::this_thread::sleep_for(
            std::chrono::duration<double>(std::min(left_s, kLookMs / 1000.0)));
    }
}

Result<void> print_rows(const std::vector<TopRow>& rows, Format format, double seconds) {
    if (format == Format::kJson)
        return print_json({{"event", "top"}, {"seconds", seconds}, {"sections", top_json(rows)}});
    std::string text;
    for (const std::string& line : top_lines(rows, std::numeric_limits<int>::max()))
        text += line + "\n";
    return print(text);
}

// Prints tables or JSON lines for scripts and files, without keys and without a cursor.
Result<void> print_tables(const TopCommand& command, Format format, const std::atomic<int>& stop) {
    auto before = look(command, Look::kFirst);
    while (before) {
        if (auto waited = wait_interval(command, stop); !waited) return waited;
        auto now = look(command, Look::kNext);
        if (!now) return std::unexpected(now.error());
        std::vector<TopRow> rows = top_rows(*before, *now);
        sort_rows(rows, TopColumn::kName);
        auto printed = print_rows(rows, format, now->at_s - before->at_s);
        if (!printed || command.once || format == Format::kText) return printed;
        before = std::move(now);
    }
    return std::unexpected(before.error());
}

// How the rows are shown. Keys change the first two members.
struct TopView {
    TopColumn sorted_by = TopColumn::kName;
    bool paused = false;
    ScreenSize size = {};
    std::string only = {};  // the section that the user named
};

std::string one_line(std::string text, const ScreenSize& size) {
    text.resize(std::min(text.size(), static_cast<std::size_t>(size.columns)));
    return text + kClearToLineEnd;
}

// The text of the whole screen. It clears only what it does not draw again, so that the screen does
// not flicker.
std::string screen_text(std::vector<TopRow> rows, const TopView& view) {
    sort_rows(rows, view.sorted_by);
    const std::size_t room = static_cast<std::size_t>(std::max(view.size.rows - kRowsAround, 0));
    const std::size_t hidden = rows.size() > room ? rows.size() - room : 0;
    std::string title =
        fmt::format("mapferry top: {} section{}", rows.size(), rows.size() == 1 ? "" : "s");
    if (rows.empty() && !view.only.empty()) title = "mapferry top: waiting for " + view.only;
    if (hidden != 0) title += fmt::format(", {} below", hidden);
    if (view.paused) title += ", paused";
    rows.resize(rows.size() - hidden);
    std::string text = kCursorHome + one_line(title, view.size);
    for (const std::string& line : top_lines(rows, view.size.columns))
        text += "\r\n" + line + kClearToLineEnd;
    const std::string keys =
        fmt::format("q quit  s sort: {}  p pause", column_title(view.sorted_by));
    return text + "\r\n" + one_line(keys, view.size) + kClearToScreenEnd;
}

class LiveTop {
  public:
    LiveTop(const TopCommand& command, const std::atomic<int>& stop, Screen screen)
        : command_(&command), stop_(&stop), screen_(std::move(screen)) {
        if (command.only) view_.only = to_string(*command.only);
    }

    // Runs until a key or a signal ends it.
    Result<void> run() {
        auto before = look(*command_, Look::kFirst);
        if (!before) return std::unexpected(before.error());
        rows_ = top_rows(*before, *before);
        while (true) {
            auto left = watch_keys();
            if (!left || *left == Left::kQuit)
                return left ? Result<void>() : std::unexpected(left.error());
            if (view_.paused) continue;
            auto now = look(*command_, Look::kNext);
            if (!now) return std::unexpected(now.error());
            rows_ = top_rows(*before, *now);
            before = std::move(now);
        }
    }

  private:
    enum class Left : std::uint8_t { kQuit, kTimeOver };

    Result<void> draw() { return show(screen_text(rows_, view_)); }

    // Draws, and reacts to keys and to a new window size until the interval is over.
    Result<Left> watch_keys() {
        const double end_s = clock_s() + static_cast<double>(command_->interval_ms) / 1000;
        bool stale = true;
        while (true) {
            const ScreenSize size = screen_size().value_or(ScreenSize{.columns = 80, .rows = 24});
            stale |= screen_.take_continued() || size != view_.size;
            view_.size = size;
            if (stale)
                if (auto drawn = draw(); !drawn) return std::unexpected(drawn.error());
            const double left_ms = (end_s - clock_s()) * 1000;
            if (left_ms <= 0) return Left::kTimeOver;
            const auto key = screen_.wait_key(
                std::clamp(static_cast<std::int64_t>(left_ms), std::int64_t{1}, kLookMs));
            if (is_stopped(*stop_)) return interrupted();
            stale = key.has_value();
            if (key == 'q') return Left::kQuit;
            if (key == 's') view_.sorted_by = next_column(view_.sorted_by);
            if (key == 'p') view_.paused = !view_.paused;
        }
    }

    const TopCommand* command_;
    const std::atomic<int>* stop_;
    Screen screen_;
    TopView view_;
    std::vector<TopRow> rows_;
};

Result<void> top(const Messages& messages, const TopCommand& command,
                 const std::atomic<int>& stop) {
    if (messages.json()) return print_tables(command, Format::kJson, stop);
    if (command.once || !screen_size()) return print_tables(command, Format::kText, stop);
    auto screen = Screen::open();
    if (!screen) return std::unexpected(screen.error());
    return LiveTop(command, stop, std::move(*screen)).run();
}

}  // namespace

int run_top(const Messages& messages, const TopCommand& command, const std::atomic<int>& stop) {
    return messages.ended(top(messages, command, stop));
}

}  // namespace mapferry::cli
