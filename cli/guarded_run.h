// SPDX-License-Identifier: Apache-2.0
// The outermost frame of a program: what its work throws becomes a message and an exit code.
#pragma once

#include <exception>
#include <new>
#include <span>
#include <string_view>

#include "cli/messages.h"

namespace mapferry::cli {

// Whether --json stands among the options, in front of a "--". It is asked before anything is
// parsed, since a command line that can't be parsed, and memory that is not there, are JSON too.
[[nodiscard]] Format wanted_format(std::span<char* const> arguments) noexcept;
// How this process says the failures that no Messages can say, from now on.
void set_failure_format(Format format) noexcept;
[[nodiscard]] Format failure_format() noexcept;

// Says on standard error, without memory, what ends the program; exit code 71.
[[nodiscard]] int tell_failure(std::string_view program, std::string_view cause) noexcept;
[[nodiscard]] int tell_out_of_memory(std::string_view program) noexcept;
// `code`, unless that is 0 and something that was printed on standard output has not arrived: then
// says so, and gives 74.
[[nodiscard]] int check_printed(std::string_view program, int code) noexcept;

// Runs all of the program's work. What its own code, outside of the library, throws, mostly when
// memory runs out, becomes a message and exit code 71; everything that was open has cleaned up
// behind itself.
template <typename Run>
[[nodiscard]] int run_guarded(std::string_view program, const Run& run) noexcept {
    try {
        return check_printed(program, run());
    } catch (const std::bad_alloc&) {
        return tell_out_of_memory(program);
    } catch (const std::exception& what) {
        return tell_failure(program, what.what());
    }
}

}  // namespace mapferry::cli
