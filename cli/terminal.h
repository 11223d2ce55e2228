// The terminal and the signals: what a program needs of the system besides the library.
#pragma once

#include <atomic>
#include <string>

namespace mapferry::cli {

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
// Columns of the terminal behind standard error; 80 when it can't be told.
[[nodiscard]] int terminal_columns();

// Writes to standard error; a closed or full one is nobody's problem.
void say(const std::string& text);

// From now on the first SIGINT, SIGTERM or SIGHUP only raises the returned flag to the signal's
// number (Windows: Ctrl-C and close), a second one ends the process at once; a closed pipe and
// a file-size limit are errors of write() and no signals. Call once, from main.
[[nodiscard]] const std::atomic<int>& catch_signals();

// Ends the process by `signal`, as if it had never been caught: shells then know.
[[noreturn]] void end_by_signal(int signal);

}  // namespace mapferry::cli
