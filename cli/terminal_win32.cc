// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

#include "cli/terminal.h"

namespace mapferry::cli {

namespace {

constexpr DWORD kEndedByControlC = 0xC000013A;  // STATUS_CONTROL_C_EXIT

std::atomic<int> caught_signal{0};

std::string to_utf8(const wchar_t* wide) {
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr);
    if (bytes <= 1) return {};
    std::string text(static_cast<std::size_t>(bytes), '\0');  // with the terminating zero
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text.data(), bytes, nullptr, nullptr);
    text.pop_back();
    return text;
}

std::wstring to_wide(std::string_view text) {
    const int bytes = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(units, 0)), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), units);
    return wide;
}

// The mode of the console behind a standard stream; empty when it is no console.
std::optional<DWORD> console_mode(DWORD stream) {
    DWORD mode = 0;
    if (GetConsoleMode(GetStdHandle(stream), &mode) == 0) return std::nullopt;
    return mode;
}

bool is_there(DWORD stream) {
    const HANDLE handle = GetStdHandle(stream);
    if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return false;
    SetLastError(NO_ERROR);
    return GetFileType(handle) != FILE_TYPE_UNKNOWN || GetLastError() == NO_ERROR;
}

// A program with windows, a service, or a program whose parent gave it no handles has no standard
// handle, or a number that the next opened file would get. Opens a handle there that fails when the
// stream is used.
void take_place(DWORD stream) {
    if (is_there(stream)) return;
    const DWORD access = stream == STD_INPUT_HANDLE ? GENERIC_WRITE : GENERIC_READ;
    SetStdHandle(stream, CreateFileW(L"NUL", access, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                     OPEN_EXISTING, 0, nullptr));
}

// The settings of the console before this program. The shell has the same console, which outlives
// the program.
struct ConsoleBefore {
    UINT code_page = 0;  // 0 = not changed
    std::optional<DWORD> stdout_mode;
    std::optional<DWORD> stderr_mode;
};
ConsoleBefore console_before;

void restore_console() {
    const ConsoleBefore& before = console_before;
    if (before.code_page != 0) SetConsoleOutputCP(before.code_page);
    if (before.stdout_mode) SetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), *before.stdout_mode);
    if (before.stderr_mode) SetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), *before.stderr_mode);
}

[[noreturn]] void end_at_once() {
    restore_console();
    TerminateProcess(GetCurrentProcess(), kEndedByControlC);
    std::_Exit(1);  // not reached
}

// Runs in a thread of its own.
BOOL WINAPI on_console_event(DWORD event) {
    const bool is_key = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
    // relaxed: the flag alone is the message
    const int before = caught_signal.exchange(is_key ? SIGINT : SIGTERM, std::memory_order_relaxed);
    if (is_key && before != 0) end_at_once();
    // When this returns from a closing console, Windows ends the process. So it sleeps: either main
    // returns first, or Windows ends the process after a few seconds.
    if (!is_key) Sleep(INFINITE);
    return TRUE;
}

}  // namespace

std::vector<std::string> utf8_arguments(int argc, char** argv) {
    int count = 0;
    wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &count);
    if (wide == nullptr) return {argv + std::min(argc, 1), argv + argc};  // no memory
    std::vector<std::string> arguments;
    for (int i = 1; i < count; ++i)
        arguments.push_back(to_utf8(wide[i]));
    LocalFree(wide);
    return arguments;
}

void prepare_streams() {
    for (const DWORD stream : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE})
        take_place(stream);
    for (const int stream : {0, 1, 2})
        _setmode(stream, _O_BINARY);
    const ConsoleBefore before{.code_page = GetConsoleOutputCP(),
                               .stdout_mode = console_mode(STD_OUTPUT_HANDLE),
                               .stderr_mode = console_mode(STD_ERROR_HANDLE)};
    if (!before.stdout_mode && !before.stderr_mode) return;
    console_before = before;
    std::atexit(restore_console);
    SetConsoleOutputCP(CP_UTF8);
    constexpr DWORD kSequences = ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    if (before.stdout_mode)
        SetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), *before.stdout_mode | kSequences);
    if (before.stderr_mode)
        SetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), *before.stderr_mode | kSequences);
    // A console can't join the bytes of one character that arrive in two writes, so it gets whole
    // lines.
    if (before.stdout_mode) std::setvbuf(stdout, nullptr, _IOFBF, std::size_t{1} << 14);
}

Result<void> write_errors(const std::string& text) {
    bool written = false;
    if (stderr_is_terminal()) {
        const std::wstring wide = to_wide(text);
        DWORD count = 0;
        written = WriteConsoleW(GetStdHandle(STD_ERROR_HANDLE), wide.data(),
                                static_cast<DWORD>(wide.size()), &count, nullptr) != 0;
    } else {
        written = std::fwrite(text.data(), 1, text.size(), stderr) == text.size();
        written = std::fflush(stderr) == 0 && written;
    }
    if (written) return {};
    return std::unexpected(
        Status{Code::kIo, "cannot write standard error", {}, static_cast<int>(GetLastError())});
}

bool stdout_is_terminal() {
    return console_mode(STD_OUTPUT_HANDLE).has_value();
}

bool stderr_is_terminal() {
    return console_mode(STD_ERROR_HANDLE).has_value();
}

int terminal_columns() {
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info) == 0) return 80;
    const int columns = info.srWindow.Right - info.srWindow.Left + 1;
    return columns > 0 ? columns : 80;
}

const std::atomic<int>& catch_signals() {
    SetConsoleCtrlHandler(on_console_event, TRUE);
    return caught_signal;
}

const std::atomic<int>& signal_flag() {
    return caught_signal;
}

void end_by_signal(int signal) {
    (void)signal;  // Windows has only one such exit status
    end_at_once();
}

}  // namespace mapferry::cli
