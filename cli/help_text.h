// SPDX-License-Identifier: Apache-2.0
// The texts that -h and --help print, in the same style for every program and command.
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

// Options that belong together: their names, separated by blanks.
struct OptionGroup {
    std::string_view title;
    std::string_view options;
};

// The help of a program or command. Its texts are constants.
struct Help {
    std::string_view about;  // what it does, without its name
    std::string_view usage;  // follows the name: "[OPTION...] [FILE...]"
    std::string_view usual;  // -h: lines about the most used options
    std::span<const Example> examples = {};
    std::string_view note = {};  // whole lines after the examples
    std::span<const OptionGroup> groups = {};
    // Returns a usage error's hint for a word that the program does not take; empty: the usual
    // hint.
    std::string (*hint_for)(const std::string& word) = nullptr;
};

// About twelve lines.
[[nodiscard]] std::string short_help(const CLI::App& app, const Help& help);

// Everything: examples first, then the options by their groups, units, exit codes last.
[[nodiscard]] std::string long_help(const CLI::App& app, const Help& help);

}  // namespace mapferry::cli
