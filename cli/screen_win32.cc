// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <utility>

#include <windows.h>

#include "cli/screen.h"
#include "cli/short_names.h"
#include "cli/terminal.h"

namespace mapferry::cli {

namespace {

HANDLE console(DWORD stream) {
    return GetStdHandle(stream);
}

// A console can't join the bytes of one character that arrive in two writes. It takes characters.
bool show_on_console(const std::string& text) {
    const int bytes = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(units > 0 ? units : 0), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    DWORD written = 0;
    return WriteConsoleW(console(STD_OUTPUT_HANDLE), wide.data(), static_cast<DWORD>(wide.size()),
                         &written, nullptr) != 0;
}

// The character of a pressed key; empty for every other event of a console.
std::optional<char> pressed(const INPUT_RECORD& event) {
    if (event.EventType != KEY_EVENT || event.Event.KeyEvent.bKeyDown == 0) return std::nullopt;
    const wchar_t letter = event.Event.KeyEvent.uChar.UnicodeChar;
    if (letter == 0 || letter > 0x7F) return std::nullopt;
    return static_cast<char>(letter);
}

}  // namespace

std::optional<ScreenSize> screen_size() {
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(console(STD_OUTPUT_HANDLE), &info) == 0) return std::nullopt;
    return ScreenSize{.columns = info.srWindow.Right - info.srWindow.Left + 1,
                      .rows = info.srWindow.Bottom - info.srWindow.Top + 1};
}

std::string terminal_kind() {
    DWORD mode = 0;
    const bool understands = GetConsoleMode(console(STD_OUTPUT_HANDLE), &mode) != 0 &&
                             (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
    return understands ? "windows-direct" : "dumb";
}

Result<void> show(const std::string& text) {
    bool whole = std::fflush(stdout) == 0;
    if (whole && stdout_is_terminal() && show_on_console(text)) return {};
    for (std::size_t done = 0; whole && done < text.size();) {
        DWORD written = 0;
        whole = WriteFile(console(STD_OUTPUT_HANDLE), text.data() + done,
                          static_cast<DWORD>(text.size() - done), &written, nullptr) != 0;
        done += written;
    }
    if (whole) return {};
    return std::unexpected(
        Status{Code::kIo, "cannot write standard output", {}, static_cast<int>(GetLastError())});
}

bool nobody_reads(const Status& status) {
    const auto error = static_cast<DWORD>(status.os_error);
    return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA ||
           error == ERROR_PIPE_NOT_CONNECTED;
}

struct Screen::Impl {
    bool has_keys = false;
    DWORD before = 0;

    ~Impl();
};

Screen::Impl::~Impl() {
    (void)show(kLeaveScreen);
    if (has_keys) SetConsoleMode(console(STD_INPUT_HANDLE), before);
}

Screen::Screen(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Screen::Screen(Screen&&) noexcept = default;
Screen& Screen::operator=(Screen&&) noexcept = default;
Screen::~Screen() = default;

Result<Screen> Screen::open() {
    if (!stdout_is_terminal()) return fail(Code::kUsage, "standard output is no terminal");
    auto impl = std::make_unique<Impl>();
    impl->has_keys = GetConsoleMode(console(STD_INPUT_HANDLE), &impl->before) != 0;
    if (impl->has_keys)
        SetConsoleMode(console(STD_INPUT_HANDLE),
                       impl->before & ~static_cast<DWORD>(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
    if (auto entered = show(kEnterScreen); !entered) return std::unexpected(entered.error());
    return Screen(std::move(impl));
}

std::optional<char> Screen::wait_key(std::int64_t timeout_ms) {
    if (!impl_->has_keys) {
        Sleep(static_cast<DWORD>(timeout_ms));
        return std::nullopt;
    }
    const HANDLE keys = console(STD_INPUT_HANDLE);
    if (WaitForSingleObject(keys, static_cast<DWORD>(timeout_ms)) != WAIT_OBJECT_0)
        return std::nullopt;
    INPUT_RECORD event{};
    DWORD count = 0;
    if (ReadConsoleInputW(keys, &event, 1, &count) == 0 || count == 0) return std::nullopt;
    return pressed(event);
}

bool Screen::take_continued() {
    return false;  // nothing stops a Windows program
}

}  // namespace mapferry::cli
