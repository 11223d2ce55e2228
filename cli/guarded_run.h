// SPDX-License-Identifier: Apache-2.0
// Runs a program's work and turns its exceptions into a message and an exit code.
#pragma once

#include <exception>
#include <new>
#include <span>
#include <string_view>

#include "cli/messages.h"

namespace mapferry::cli {

// kJson when --json is among the options before any "--". Called before the command line is parsed,
// because errors of parsing and lack of memory are reported in JSON too.
[[nodiscard]] Format wanted_format(std::span<char* const> arguments) noexcept;
// Sets the format of failures that this process reports without the parsed options.
void set_failure_format(Format format) noexcept;
[[nodiscard]] Format failure_format() noexcept;

// Reports on standard error, without allocating, why the program ends. Returns exit code 71.
[[nodiscard]] int tell_failure(std::string_view program, std::string_view cause) noexcept;
[[nodiscard]] int tell_out_of_memory(std::string_view program) noexcept;
// Returns `code`. When `code` is 0 but standard output was not written completely, reports that and
// returns 74.
[[nodiscard]] int check_printed(std::string_view program, int code) noexcept;

// Runs all of the program's work. Exceptions come from the program's own code, not from the
// library, mostly when memory runs out. They become a message and exit code 71, after the
// destructors of all open objects have run.
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
