// SPDX-License-Identifier: Apache-2.0
// A terminal that shows pictures and reads keys, for `top` and `view`. One file for each system,
// the same functions in the same order.
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

// The size of the terminal behind standard output; empty when there is none.
[[nodiscard]] std::optional<ScreenSize> screen_size();

// The value of TERM. Windows: "windows-direct" for a console that understands escape sequences,
// otherwise "dumb".
[[nodiscard]] std::string terminal_kind();

// Writes all of `text` to standard output at once. kIo: nobody reads it, or it can't be written.
[[nodiscard]] Result<void> show(const std::string& text);
// Whether a write failed because the reader of standard output has closed it. Such a failure needs
// no message.
[[nodiscard]] bool nobody_reads(const Status& status);

// Takes over the terminal behind standard output: an empty screen without a cursor, and the keys of
// standard input as they are pressed, if that is a terminal too. Restores the terminal at
// destruction, and while Ctrl-Z has stopped the process. Only one may exist at a time. Call
// catch_signals() before: Ctrl-C stays a signal.
class Screen {
  public:
    // kUsage: standard output is no terminal. kSystem.
    [[nodiscard]] static Result<Screen> open();
    Screen(Screen&&) noexcept;
    Screen& operator=(Screen&&) noexcept;
    ~Screen();

    // Waits for a key, timeout_ms at most; empty when no key was pressed. A signal ends the wait
    // early.
    [[nodiscard]] std::optional<char> wait_key(std::int64_t timeout_ms);
    // True once after the process was stopped and continued: the screen must be drawn again.
    [[nodiscard]] bool take_continued();

  private:
    struct Impl;
    explicit Screen(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Escape sequences for the cursor and the screen. All current terminals understand them.
inline constexpr const char* kCursorHome = "\x1b[H";
inline constexpr const char* kClearScreen = "\x1b[2J\x1b[H";
inline constexpr const char* kClearToLineEnd = "\x1b[K";
inline constexpr const char* kClearToScreenEnd = "\x1b[J";
inline constexpr const char* kEnterScreen = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
inline constexpr const char* kLeaveScreen = "\x1b[0m\x1b[?25h\x1b[?1049l";

}  // namespace mapferry::cli
