// SPDX-License-Identifier: Apache-2.0
// The part of main() that all programs share.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::cli {

// A call of a program or of one of its commands.
struct Call {
    std::string program;                 // "mapferry-writer", "mapferry send": begins its messages
    std::vector<std::string> arguments;  // in UTF-8, without the program's words
    const std::atomic<int>* stop;        // the flag of catch_signals()
};

// The arguments of main(), and the program's name in them.
struct ProgramStart {
    std::string_view program;  // a constant
    int argc = 0;
    char** argv = nullptr;
    std::size_t command_words = 0;  // words behind argv[0] that name the command; not arguments
};

// Calls `work` with signals caught and sections guarded, and returns its exit code. If a signal
// ended the work, the process ends by that signal. Call after prepare_streams(), from main.
[[nodiscard]] int run_program(const ProgramStart& start,
                              const std::function<int(const Call&)>& work);

}  // namespace mapferry::cli
