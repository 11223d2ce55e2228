// SPDX-License-Identifier: Apache-2.0
// What -h and --help print, in the same style for every program and command.
#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <string_view>

namespace mapferry::cli {

// A command line and what it does. In `words` @ stands for the program.
struct Example {
    std::string_view words;
    std::string_view about;
};

// Options that belong together, as their names with blanks between them.
struct OptionGroup {
    std::string_view title;
    std::string_view options;
};

// What a program or a command says about itself. Its parts are constants.
struct Help {
    std::string_view about;  // what it does, without its name
    std::string_view usage;  // behind the name: "[OPTION...] [FILE...]"
    std::string_view usual;  // -h: lines about what is used most
    std::span<const Example> examples = {};
    std::string_view note = {};  // whole lines behind the examples
    std::span<const OptionGroup> groups = {};
    // A usage error's hint for a word that the program does not take; empty: the usual hint.
    std::string (*hint_for)(const std::string& word) = nullptr;
};

// About twelve lines.
[[nodiscard]] std::string short_help(const CLI::App& app, const Help& help);

// Everything: examples first, then the options by their groups, units, exit codes last.
[[nodiscard]] std::string long_help(const CLI::App& app, const Help& help);

}  // namespace mapferry::cli
