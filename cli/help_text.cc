// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "cli/exit_code.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kNameColumns = 24;
constexpr std::size_t kTextColumns = 56;
constexpr std::size_t kExampleColumnsMax = 48;  // longer ones have their text below
constexpr const char* kSizeHelp =
    "  SIZE  65536, 64K and 64KiB are 65536 bytes, 64KB is 64000; likewise M, G, T\n";
constexpr const char* kTimeHelp =
    "  TIME  500ms, 30s (or 30), 2m, 1h, 2d; never, where something is waited for\n";

// Breaks a description into lines of at most kTextColumns, all but the first one indented.
std::string wrapped(const std::string& text) {
    std::istringstream words(text);
    std::string lines;
    std::size_t column = 0;
    for (std::string word; words >> word;) {
        const bool fits = column + 1 + word.size() <= kTextColumns;
        if (column != 0) lines += fits ? " " : "\n" + std::string(kNameColumns, ' ');
        column = column != 0 && fits ? column + 1 + word.size() : word.size();
        lines += word;
    }
    return lines;
}

// "-o, --output PATH"
std::string option_words(const CLI::Option& option) {
    const bool positional = option.get_positional();
    std::string words = option.get_name(positional, !positional);
    if (const auto comma = words.find(','); comma != std::string::npos)
        words.insert(comma + 1, " ");
    if (option.get_type_size() != 0 && !option.get_type_name().empty())
        words += " " + option.get_type_name();
    if (option.get_expected_max() == CLI::detail::expected_max_vector_size) words += "...";
    return words;
}

// Sorted by name: CLI11 sorts excluded options by address, which differs from run to run.
std::string excluded_names(const CLI::Option& option) {
    std::set<std::string> names;
    for (const CLI::Option* const other : option.get_excludes())
        names.insert(other->get_name());
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string option_text(const CLI::Option& option) {
    std::string text = option.get_description();
    if (!option.get_default_str().empty()) text += " (default: " + option.get_default_str() + ")";
    if (!option.get_excludes().empty()) text += " (not with " + excluded_names(option) + ")";
    const std::string words = "  " + option_words(option);
    const bool beside = words.size() < kNameColumns;
    return beside ? fmt::format("{:<{}}{}\n", words, kNameColumns, wrapped(text))
                  : fmt::format("{}\n{:<{}}{}\n", words, "", kNameColumns, wrapped(text));
}

std::string group_text(const CLI::App& app, const OptionGroup& group) {
    std::string text = fmt::format("\n{}:\n", group.title);
    std::istringstream names{std::string(group.options)};
    for (std::string name; names >> name;)
        text += option_text(*app.get_option(name));
    return text;
}

std::string with_program(std::string_view words, const std::string& program) {
    std::string text(words);
    if (const auto at = text.find('@'); at != std::string::npos) text.replace(at, 1, program);
    return text;
}

std::string examples_text(const std::string& program, const Help& help) {
    if (help.examples.empty()) return "";
    std::vector<std::string> lines;
    std::size_t columns = 0;
    for (const Example& example : help.examples) {
        lines.push_back(with_program(example.words, program));
        if (lines.back().size() <= kExampleColumnsMax)
            columns = std::max(columns, lines.back().size());
    }
    std::string text = "\nExamples:\n";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view about = help.examples[i].about;
        text += lines[i].size() <= columns
                    ? fmt::format("  {:<{}}  {}\n", lines[i], columns, about)
                    : fmt::format("  {}\n  {:<{}}  {}\n", lines[i], "", columns, about);
    }
    return text;
}

// Explains SIZE and TIME if an option takes them.
std::string units_text(const CLI::App& app) {
    bool has_size = false;
    bool has_time = false;
    for (const CLI::Option* const option : app.get_options()) {
        has_size |= option->get_type_name() == "SIZE";
        has_time |= option->get_type_name() == "TIME";
    }
    if (!has_size && !has_time) return "";
    return std::string("\nUnits:\n") + (has_size ? kSizeHelp : "") + (has_time ? kTimeHelp : "");
}

std::string head(const CLI::App& app, const Help& help) {
    return fmt::format("{}: {}\n\nUsage: {} {}\n", app.get_name(), help.about, app.get_name(),
                       help.usage);
}

}  // namespace

std::string short_help(const CLI::App& app, const Help& help) {
    return fmt::format("{}\n{}\n{} --help: examples, all options, exit codes\n", head(app, help),
                       help.usual, app.get_name());
}

std::string long_help(const CLI::App& app, const Help& help) {
    std::string text = head(app, help) + examples_text(app.get_name(), help);
    if (!help.note.empty()) text += fmt::format("\n{}", help.note);
    for (const OptionGroup& group : help.groups)
        text += group_text(app, group);
    return text + units_text(app) + "\n" + exit_code_help();
}

}  // namespace mapferry::cli
