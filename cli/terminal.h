// SPDX-License-Identifier: Apache-2.0
// The terminal, the command line and the signals: the parts of the system that programs need
// besides the library. One file for each system, the same functions in the same order; terminal.cc
// has the common functions.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "mapferry/status.h"

namespace mapferry::cli {

// The words after the program's name on the command line, in UTF-8 (Linux: bytes as they are).
[[nodiscard]] std::vector<std::string> utf8_arguments(int argc, char** argv);

// Makes sure that all three standard streams are open. A stream that was closed at the program's
// start is replaced by one that fails when it is used. Otherwise the next file that the program
// opens would take its place, and messages would be written into that file. All streams carry bytes
// as they are. Windows: no translation of line ends; a console shows UTF-8 and understands escape
// sequences until the program ends. Call first, from main.
void prepare_streams();

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
// Columns of the terminal behind standard error; 80 when the system can't report them.
[[nodiscard]] int terminal_columns();

// Writes `text` unchanged to standard error. kIo: not all of it was written. say() and
// show_status() use it and ignore failures.
[[nodiscard]] Result<void> write_errors(const std::string& text);

// Writes lines to standard error and ignores failures, such as a closed or full stream. Names in
// the lines can't change a terminal: see harmless_lines().
void say(std::string_view lines);
// Shows `text`, made harmless, in place of the last line of the terminal behind standard error,
// until the next call. Empty: removes the line.
void show_status(std::string_view text);
// say() without allocation. A character that is neither printable ASCII nor a line end becomes a
// question mark.
void say_plainly(std::string_view line) noexcept;

// From now on the first SIGINT, SIGTERM or SIGHUP only stores its number in the returned flag. One
// that comes at least 0.3 s later, of any of these kinds, ends the process at once. Those in
// between belong to the first one (Linux; on Windows any second one counts). A closed pipe and a
// file-size limit are errors of write(), not signals. Windows: Ctrl-C and Ctrl-Break count as
// SIGINT. Closing the console, logging off and shutting down count as SIGTERM; the program then has
// the few seconds that Windows grants. Call once, from main.
[[nodiscard]] const std::atomic<int>& catch_signals();

// The flag that catch_signals() returns; 0 before its call.
[[nodiscard]] const std::atomic<int>& signal_flag();

// Ends the process by `signal`, as if it had never been caught, so that shells see the cause.
// Windows: with STATUS_CONTROL_C_EXIT.
[[noreturn]] void end_by_signal(int signal);

}  // namespace mapferry::cli
