// SPDX-License-Identifier: Apache-2.0
#include "cli/guarded_run.h"

#include <array>
#include <cstdio>
#include <initializer_list>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "mapferry/status.h"

namespace mapferry::cli {

namespace {

Format how_to_fail = Format::kText;

void say_parts(std::initializer_list<std::string_view> parts) noexcept {
    for (const std::string_view part : parts)
        say_plainly(part);
}

// Prints `text` inside a JSON string. say_plainly() replaces all other characters that would need
// an escape.
void say_in_json(std::string_view text) noexcept {
    for (const char& letter : text) {
        if (letter == '"' || letter == '\\') say_plainly("\\");
        say_plainly(letter == '\n' ? " " : std::string_view(&letter, 1));
    }
}

int say_failure(std::string_view program, Code code, std::string_view cause) noexcept {
    const int number = exit_code(code);
    if (how_to_fail == Format::kJson) {
        const std::array digits{static_cast<char>('0' + number / 10),
                                static_cast<char>('0' + number % 10)};
        say_parts({R"({"cause":")", code_name(code), R"(","code":)",
                   std::string_view(digits.data(), digits.size()),
                   R"(,"event":"error","message":")"});
        say_in_json(cause);
        say_parts({R"("})", "\n"});
    } else {
        say_parts({program, ": error: ", cause, "\n"});
    }
    return number;
}

}  // namespace

Format wanted_format(std::span<char* const> arguments) noexcept {
    for (const std::string_view argument : arguments) {
        if (argument == "--") break;
        if (argument == "--json" || argument.starts_with("--json=")) return Format::kJson;
    }
    return Format::kText;
}

void set_failure_format(Format format) noexcept {
    how_to_fail = format;
}

Format failure_format() noexcept {
    return how_to_fail;
}

int tell_failure(std::string_view program, std::string_view cause) noexcept {
    return say_failure(program, Code::kSystem, cause);
}

int tell_out_of_memory(std::string_view program) noexcept {
    return say_failure(program, Code::kOutOfMemory, "out of memory");
}

int check_printed(std::string_view program, int code) noexcept {
    if (code != 0 || (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)) return code;
    return say_failure(program, Code::kIo, "cannot write standard output");
}

}  // namespace mapferry::cli
