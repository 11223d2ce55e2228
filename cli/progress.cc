// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/terminal.h"
#include "mapferry/detail/units.h"

namespace mapferry::cli {

namespace {

constexpr double kQuietStartS = 0.5;
constexpr double kTerminalStepS = 0.1;
constexpr double kLogStepS = 1.0;

std::string time_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::clamp(seconds, 0.0, 359'999.0));
    if (whole >= 3600)
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

// Cuts the text to at most `bytes` bytes, between two characters.
void cut(std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    text.resize(bytes);
}

}  // namespace

double clock_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string progress_text(const std::string& name, std::uint64_t bytes,
                          std::optional<std::uint64_t> total_bytes, double seconds) {
    const double rate = seconds > 0 ? static_cast<double>(bytes) / seconds : 0;
    const std::string speed = format_bytes(static_cast<std::uint64_t>(rate)) + "/s";
    if (!total_bytes || *total_bytes == 0 || bytes > *total_bytes)
        return fmt::format("{}  {}  {}  {}", name, format_bytes(bytes), speed, time_text(seconds));
    const double left_s = rate > 0 ? static_cast<double>(*total_bytes - bytes) / rate : 0;
    // In floating point, so that the percentage of a size near 2^64 does not overflow.
    const double percent = 100.0 * static_cast<double>(bytes) / static_cast<double>(*total_bytes);
    return fmt::format("{}  {} of {}  {:.0f} %  {}  ETA {}", name, format_bytes(bytes),
                       format_bytes(*total_bytes), percent, speed, time_text(left_s));
}

ProgressLine::ProgressLine(const Messages& messages, ProgressMode mode, const PayloadInfo& info)
    : messages_(&messages),
      name_(messages.json() ? info.name : display_name(info)),
      total_bytes_(info.payload_bytes),
      enabled_(mode == ProgressMode::kAlways ||
               (mode == ProgressMode::kAuto && stderr_is_terminal() && !messages.json())),
      terminal_(stderr_is_terminal()),
      began_s_(clock_s()),
      next_s_(began_s_ + (mode == ProgressMode::kAlways ? 0 : kQuietStartS)) {}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::update(std::uint64_t bytes) {
    if (!enabled_) return;
    const double now_s = clock_s();
    if (now_s < next_s_) return;
    next_s_ = now_s + (terminal_ && !messages_->json() ? kTerminalStepS : kLogStepS);
    if (messages_->json())
        return messages_->progress({.name = name_,
                                    .bytes = bytes,
                                    .total_bytes = total_bytes_,
                                    .seconds = now_s - began_s_});
    std::string text = progress_text(name_, bytes, total_bytes_, now_s - began_s_);
    if (terminal_) {
        cut(text, static_cast<std::size_t>(terminal_columns() - 1));
        show_status(text);
        shown_ = true;
    } else {
        say(fmt::format("{}\n", text));
    }
}

void ProgressLine::clear() {
    if (shown_) show_status({});
    shown_ = false;
}

}  // namespace mapferry::cli
