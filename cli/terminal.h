// The terminal, the command line and the signals: what a program needs of the system besides the
// library. One file for each system, the same functions in the same order.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::cli {

// What follows the program's name on the command line, in UTF-8 (Linux: bytes as they are).
[[nodiscard]] std::vector<std::string> utf8_arguments(int argc, char** argv);

// Makes the standard streams carry bytes as they are. Call first, from main. Linux: nothing to do.
// Windows: no translation of line ends; a console shows UTF-8 and understands escape sequences
// until the program ends.
void prepare_streams();

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
// Columns of the terminal behind standard error; 80 when it can't be told.
[[nodiscard]] int terminal_columns();

// Writes to standard error; a closed or full one is nobody's problem.
void say(std::string_view text);

// From now on the first SIGINT, SIGTERM or SIGHUP only raises the returned flag to the signal's
// number, a second one ends the process at once; a closed pipe and a file-size limit are errors of
// write() and no signals. Windows: Ctrl-C and Ctrl-Break count as SIGINT; the closing of the
// console, logging off and shutting down as SIGTERM, and these leave the program the few seconds
// that Windows grants. Call once, from main.
[[nodiscard]] const std::atomic<int>& catch_signals();

// Ends the process by `signal`, as if it had never been caught: shells then know. Windows: with
// STATUS_CONTROL_C_EXIT.
[[noreturn]] void end_by_signal(int signal);

}  // namespace mapferry::cli
