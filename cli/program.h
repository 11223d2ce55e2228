// SPDX-License-Identifier: Apache-2.0
// What main() of every program does around its work.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mapferry::cli {

// A program, or a command of one, as the user typed it.
struct Call {
    std::string program;                 // "mapferry-writer", "mapferry send": begins its messages
    std::vector<std::string> arguments;  // in UTF-8, behind that
    const std::atomic<int>* stop;        // what catch_signals() returned
};

// What main() was given, and what of it is the program.
struct ProgramStart {
    std::string_view program;  // a constant
    int argc = 0;
    char** argv = nullptr;
    std::size_t command_words = 0;  // behind argv[0]; they are no arguments
};

// Calls `work` with signals caught and sections guarded, and gives its exit code; a signal that
// ended the work ends the process. Call after prepare_streams(), from main.
[[nodiscard]] int run_program(const ProgramStart& start,
                              const std::function<int(const Call&)>& work);

}  // namespace mapferry::cli
