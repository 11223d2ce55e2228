// SPDX-License-Identifier: Apache-2.0
// The terminal, the command line and the signals: what a program needs of the system besides the
// library. One file for each system, the same functions in the same order; terminal.cc has what is
// alike.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::cli {

// What follows the program's name on the command line, in UTF-8 (Linux: bytes as they are).
[[nodiscard]] std::vector<std::string> utf8_arguments(int argc, char** argv);

// Makes sure that all three standard streams are there: one that the program was started without
// fails when it is used, and no file of the program gets its place, where the next message would be
// written into it. Also makes them carry bytes as they are. Windows: no translation of line ends; a
// console shows UTF-8 and understands escape sequences until the program ends. Call first, from
// main.
void prepare_streams();

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
// Columns of the terminal behind standard error; 80 when it can't be told.
[[nodiscard]] int terminal_columns();

// Writes to standard error as it is: what say() and show_status() are made of.
void write_errors(const std::string& text);

// Writes lines to standard error; a closed or full one is nobody's problem. Whatever names they
// contain, a terminal is not changed by them: harmless_lines().
void say(std::string_view lines);
// Shows `text`, as harmless, in place of the last line of the terminal behind standard error, until
// the next call; empty: takes it away.
void show_status(std::string_view text);
// say() without memory: what is no plain character becomes a question mark.
void say_plainly(std::string_view line) noexcept;

// From now on the first SIGINT, SIGTERM or SIGHUP only raises the returned flag to the signal's
// number, a second one ends the process at once; a closed pipe and a file-size limit are errors of
// write() and no signals. Windows: Ctrl-C and Ctrl-Break count as SIGINT; the closing of the
// console, logging off and shutting down as SIGTERM, and these leave the program the few seconds
// that Windows grants. Call once, from main.
[[nodiscard]] const std::atomic<int>& catch_signals();

// The flag that catch_signals() returns; never raised before that was called.
[[nodiscard]] const std::atomic<int>& signal_flag();

// Ends the process by `signal`, as if it had never been caught: shells then know. Windows: with
// STATUS_CONTROL_C_EXIT.
[[noreturn]] void end_by_signal(int signal);

}  // namespace mapferry::cli
