// SPDX-License-Identifier: Apache-2.0
// A terminal as a picture to draw on and a place where keys are pressed: what `top` and `view` need
// of the system. One file for each system, the same functions in the same order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "mapferry/status.h"

namespace mapferry::cli {

struct ScreenSize {
    int columns = 0;
    int rows = 0;
    friend bool operator==(const ScreenSize&, const ScreenSize&) = default;
};

// Of the terminal behind standard output; empty when there is none.
[[nodiscard]] std::optional<ScreenSize> screen_size();

// What TERM says. Windows: "windows-direct" for a console that understands escape sequences.
[[nodiscard]] std::string terminal_kind();

// Writes to standard output, all of it, at once. kIo: nobody reads it, or it can't be written.
[[nodiscard]] Result<void> show(const std::string& text);
// Whether show() failed because whoever read standard output has gone, and wants to hear no more.
[[nodiscard]] bool nobody_reads(const Status& status);

// Takes the terminal behind standard output for itself: a screen of its own without a cursor, and
// keys from standard input as they are pressed, if that is a terminal too. Gives everything back at
// destruction; also while the process is stopped by Ctrl-Z. One at a time; call catch_signals()
// before: Ctrl-C stays a signal.
class Screen {
  public:
    // kUsage: standard output is no terminal. kSystem.
    [[nodiscard]] static Result<Screen> open();
    Screen(Screen&&) noexcept;
    Screen& operator=(Screen&&) noexcept;
    ~Screen();

    // Waits for a key, timeout_ms at most; empty when none was pressed. Ends early for a signal.
    [[nodiscard]] std::optional<char> wait_key(std::int64_t timeout_ms);
    // True once after the process was stopped and continued: what was shown is gone.
    [[nodiscard]] bool take_continued();

  private:
    struct Impl;
    explicit Screen(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Where the cursor goes, and what is taken away: escape sequences of every terminal of today.
inline constexpr const char* kCursorHome = "\x1b[H";
inline constexpr const char* kClearScreen = "\x1b[2J\x1b[H";
inline constexpr const char* kClearToLineEnd = "\x1b[K";
inline constexpr const char* kClearToScreenEnd = "\x1b[J";
inline constexpr const char* kEnterScreen = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
inline constexpr const char* kLeaveScreen = "\x1b[0m\x1b[?25h\x1b[?1049l";

}  // namespace mapferry::cli
