// SPDX-License-Identifier: Apache-2.0
// The options that the programs share, and the parsing of command lines.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/common_options.h"
#include "cli/help_text.h"
#include "cli/picture_levels.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

// --name.
void add_name_option(CLI::App& app, SectionAddress& address);
// --backing.
void add_backing_option(CLI::App& app, SectionAddress& address);
// --global.
void add_global_option(CLI::App& app, SectionAddress& address);
// --name, --backing, --global.
void add_address_options(CLI::App& app, SectionAddress& address);
// --share.
void add_share_option(CLI::App& app, SectionAddress& address, const std::string& description);
// How the option is described where sections are only opened.
inline constexpr const char* kTrust =
    "also a section of another user, if its owner shares it with this group, or is this user: "
    "group:NAME, user:NAME";
// --timeout.
void add_timeout_option(CLI::App& app, CommonOptions& options);
void add_quiet_option(CLI::App& app, bool& quiet);
// --timeout, --stall-timeout, --quiet, --progress, --json.
void add_behaviour_options(CLI::App& app, CommonOptions& options);
void add_json_option(CLI::App& app, bool& json);
// Adds an option whose text parse_size() understands, but not 0.
CLI::Option* add_size_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                             const std::string& description);

// The same, but 0 is allowed.
CLI::Option* add_offset_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                               const std::string& description);

// Adds --buffer and --at. Returns --buffer, so that other options can need or exclude it. REQUIRES:
// add_address_options.
CLI::Option* add_buffer_options(CLI::App& app, SectionAddress& address, BufferPlace& place);

// Adds an option that takes a path or a name of at least one character.
CLI::Option* add_word_option(CLI::App& app, const std::string& names, std::string& word,
                             const std::string& description);

// Adds --levels.
CLI::Option* add_levels_option(CLI::App& app, PictureLevels& levels,
                               const std::string& description);

// Adds an option that takes one of the words in `choices`.
template <typename Value>
CLI::Option* add_choice_option(CLI::App& app, const std::string& name, Value& value,
                               const std::vector<std::pair<std::string, Value>>& choices,
                               const std::string& description) {
    const auto take = [&value, choices, name](const std::string& text) {
        std::string known;
        for (const auto& [word, meaning] : choices) {
            if (word == text) {
                value = meaning;
                return;
            }
            known += (known.empty() ? "" : ", ") + word;
        }
        throw CLI::ValidationError(name, in_quotes(text) + " is none of " + known);
    };
    return app.add_option_function<std::string>(name, take, description);
}

// Adds an option that takes a whole number from `least` to `most`.
CLI::Option* add_number_option(CLI::App& app, const std::string& name, std::uint64_t& value,
                               std::uint64_t least, std::uint64_t most,
                               const std::string& description);

// Adds -h, --help and --version, and prepares `app` for parsing.
void set_up_app(CLI::App& app);

// Parses `arguments`. False: `app` does not know all of their words, or they are invalid. Removes
// --help from `app`.
[[nodiscard]] bool knows_all(CLI::App& app, const std::vector<std::string>& arguments);

// Parses `arguments` with the few options of a plain transfer, which `add_options` adds. Empty when
// these options are not enough: the caller then adds all options, which report errors and print the
// help. Adding all options takes 0.3 ms, as long as sending 4 KiB.
template <typename Command>
[[nodiscard]] std::optional<Command> parse_plain(const std::string& program,
                                                 void (*add_options)(CLI::App&, Command&),
                                                 const std::vector<std::string>& arguments) {
    CLI::App app("", program);
    Command command;
    command.common.program = program;
    add_options(app, command);
    if (!knows_all(app, arguments)) return std::nullopt;
    return command;
}

// Parses the result of utf8_arguments(). Returns an exit code when the program must end now (help,
// version, usage error).
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app,
                                                    const std::vector<std::string>& arguments,
                                                    const Help& help);

}  // namespace mapferry::cli
