// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/guarded_run.h"
#include "cli/print.h"
#include "cli/size_text.h"
#include "cli/terminal.h"
#include "mapferry/detail/number_text.h"
#include "mapferry/printable_text.h"
#include "mapferry/sharing.h"
#include "mapferry/version.h"

namespace mapferry::cli {

namespace {

constexpr const char* kNoSize = " is not a size; write 65536, 256KiB or 4MiB";

// For errors that no handler can catch: CLI11 looks options up in noexcept functions that allocate
// memory.
std::string program_name;

[[noreturn]] void end_without_memory() {
    try {
        if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        std::_Exit(tell_out_of_memory(program_name));
    } catch (...) {
        std::abort();  // a bug of this program
    }
    std::abort();
}

void prepare(CLI::App& app) {
    program_name = app.get_name();
    std::set_terminate(end_without_memory);
    app.allow_windows_style_options(false);  // /x is a path, on Windows too
}

// CLI11 reads "[a,b]" as a list in its own notation wherever an option takes several words. Words
// that begin with a bracket pass CLI11 behind this mark.
constexpr char kMark = '\x1f';

bool needs_mark(const std::string& argument, std::size_t at) {
    return at < argument.size() && (argument[at] == '[' || argument[at] == kMark);
}

// Marks the word, or the value of "--option=value", if it needs a mark. Returns whether it did.
enum class Word : std::uint8_t { kMayBeOption, kIsNone };
bool mark(std::string& argument, Word word) {
    std::size_t at = 0;
    if (word == Word::kMayBeOption && argument.starts_with("--"))
        at = std::min(argument.find('='), argument.size() - 1) + 1;
    if (!needs_mark(argument, at)) return false;
    argument.insert(at, 1, kMark);
    return true;
}

std::string without_mark(const std::string& word) {
    return word.starts_with(kMark) ? word.substr(1) : word;
}

void take_marks_off(CLI::App& app) {
    for (CLI::Option* const option : app.get_options())
        option->transform(without_mark);
    for (CLI::App* const sub : app.get_subcommands([](CLI::App*) { return true; }))
        take_marks_off(*sub);
}

// Splits `--option=` into the option and an empty word. CLI11 would take the next word for its
// value.
void split_empty_values(std::vector<std::string>& arguments) {
    for (std::size_t at = 0; at < arguments.size() && arguments[at] != "--"; ++at) {
        std::string& word = arguments[at];
        if (!word.starts_with("--") || word.find('=') != word.size() - 1) continue;
        word.pop_back();
        arguments.emplace(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        ++at;
    }
}

void parse(CLI::App& app, std::vector<std::string> arguments) {
    split_empty_values(arguments);
    bool marked = false;
    Word word = Word::kMayBeOption;
    for (std::string& argument : arguments) {
        if (argument == "--") word = Word::kIsNone;
        if (mark(argument, word)) marked = true;
    }
    if (marked) take_marks_off(app);
    std::ranges::reverse(arguments);  // CLI11 takes them in reverse order
    app.parse(std::move(arguments));
}

// For CLI11's messages, which quote marked words.
std::string without_marks(std::string text) {
    std::erase(text, kMark);
    return text;
}

std::string usage_hint(const CLI::App& app, const Help& help) {
    const std::vector<std::string> left = app.remaining();
    std::string hint;
    if (help.hint_for != nullptr && !left.empty()) hint = help.hint_for(without_marks(left[0]));
    return hint.empty() ? app.get_name() + " --help shows the options" : hint;
}

void add_stall_timeout_option(CLI::App& app, CommonOptions& options) {
    app.add_option_function<std::string>(
           "--stall-timeout",
           [&options](const std::string& text) {
               const auto timeout = parse_timeout(text);
               if (!timeout || *timeout == std::chrono::milliseconds(0))
                   throw CLI::ValidationError(
                       "--stall-timeout",
                       in_quotes(text) +
                           " is not a time from 1ms on; write 30s, 500ms, 2m or never");
               options.stall_timeout = *timeout;
           },
           "give the other side up when it lives but makes no progress for this long, as when "
           "it was stopped")
        ->type_name("TIME")
        ->default_str("never");
}

}  // namespace

void add_name_option(CLI::App& app, SectionAddress& address) {
    app.add_option("--name", address.name, "name of the section")
        ->type_name("NAME")
        ->capture_default_str();
}

void add_address_options(CLI::App& app, SectionAddress& address) {
    add_name_option(app, address);
    add_backing_option(app, address);
    add_global_option(app, address);
}

void add_backing_option(CLI::App& app, SectionAddress& address) {
    add_word_option(app, "--backing", address.backing_path,
                    "the section is in this file instead of shared memory; the name is then "
                    "only its label")
        ->type_name("PATH");
}

void add_share_option(CLI::App& app, SectionAddress& address, const std::string& description) {
    const auto take = [&address](const std::string& text) {
        auto sharing = parse_sharing(text);
        if (!sharing) {
            const Status& failure = sharing.error();
            throw CLI::ValidationError("--share", failure.message + "; " + failure.hint);
        }
        address.sharing = std::move(*sharing);
    };
    app.add_option_function<std::string>("--share", take, description)->type_name("ACCOUNT");
}

void add_global_option(CLI::App& app, SectionAddress& address) {
    app.add_flag_callback(
        "--global", [&address] { address.reach = Reach::kMachine; },
        "Windows: a section that all sessions of the machine see (Global\\); Linux sections "
        "always are");
}

CLI::Option* add_word_option(CLI::App& app, const std::string& names, std::string& word,
                             const std::string& description) {
    return app.add_option(names, word, description)
        ->check([](const std::string& text) { return text.empty() ? "it is empty" : ""; }, "");
}

void add_json_option(CLI::App& app, bool& json) {
    app.add_flag("--json", json,
                 "print nothing but JSON, one object a line, errors and warnings too")
        ->disable_flag_override();
}

void add_timeout_option(CLI::App& app, CommonOptions& options) {
    app.add_option_function<std::string>(
           "--timeout",
           [&options](const std::string& text) {
               const auto timeout = parse_timeout(text);
               if (!timeout)
                   throw CLI::ValidationError(
                       "--timeout",
                       in_quotes(text) + " is not a time; write 30s, 500ms, 2m, 2d, never or 0");
               options.timeout = *timeout;
               options.timeout_given = true;
           },
           "how long to wait for the other side to come; 0 = not at all. After that the wait lasts "
           "as long as the other side's process lives, see --stall-timeout")
        ->type_name("TIME")
        ->default_str("30s");
}

void add_quiet_option(CLI::App& app, bool& quiet) {
    app.add_flag("-q,--quiet", quiet, "print nothing but errors");
}

void add_behaviour_options(CLI::App& app, CommonOptions& options) {
    add_timeout_option(app, options);
    add_stall_timeout_option(app, options);
    add_quiet_option(app, options.quiet);
    add_choice_option<ProgressMode>(app, "--progress", options.progress,
                                    {{"auto", ProgressMode::kAuto},
                                     {"always", ProgressMode::kAlways},
                                     {"never", ProgressMode::kNever}},
                                    "progress line on standard error: auto (on a terminal), "
                                    "always, never")
        ->type_name("WHEN")
        ->default_str("auto");
    add_json_option(app, options.json);
}

CLI::Option* add_size_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                             const std::string& description) {
    return add_offset_option(app, names, bytes, description)
        ->check(
            [](const std::string& text) {
                return parse_size(text) == 0 ? in_quotes(text) + kNoSize : std::string();
            },
            "");
}

CLI::Option* add_offset_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                               const std::string& description) {
    return app
        .add_option_function<std::string>(
            names,
            [&bytes, names](const std::string& text) {
                const auto size = parse_size(text);
                if (!size) throw CLI::ValidationError(names, in_quotes(text) + kNoSize);
                bytes = *size;
            },
            description)
        ->type_name("SIZE");
}

CLI::Option* add_buffer_options(CLI::App& app, SectionAddress& address, BufferPlace& place) {
    CLI::Option* const buffer = app.add_option_function<std::string>(
        "--buffer",
        [&address, &place](const std::string& name) {
            address.name = name;
            place.wanted = true;
        },
        "a named area of bytes that many processes read and write at offsets, instead of a "
        "payload");
    buffer->type_name("NAME")->excludes(app.get_option("--name"));
    add_offset_option(app, "--at", place.at, "the first byte")
        ->type_name("OFFSET")
        ->default_str("0")
        ->needs(buffer);
    return buffer;
}

CLI::Option* add_number_option(CLI::App& app, const std::string& name, std::uint64_t& value,
                               std::uint64_t least, std::uint64_t most,
                               const std::string& description) {
    const auto take = [&value, name, least, most](const std::string& text) {
        const auto number = whole_number<std::uint64_t>(text);
        if (!number || *number < least || *number > most)
            throw CLI::ValidationError(name, fmt::format("{} is not a number from {} to {}",
                                                         in_quotes(text), least, most));
        value = *number;
    };
    return app.add_option_function<std::string>(name, take, description)->type_name("N");
}

CLI::Option* add_levels_option(CLI::App& app, PictureLevels& levels,
                               const std::string& description) {
    const auto take = [&levels](const std::string& text) {
        const auto parsed = parse_levels(text);
        if (!parsed)
            throw CLI::ValidationError(
                "--levels", in_quotes(text) + " is no pair of levels; write 0:4095, or auto");
        levels = *parsed;
    };
    return app.add_option_function<std::string>("--levels", take, description)
        ->type_name("BLACK:WHITE|auto");
}

void set_up_app(CLI::App& app) {
    prepare(app);
    app.set_help_flag("-h", "the short help");
    app.set_help_all_flag("--help", "this help");
    app.set_version_flag("--version", "mapferry " + std::string(kVersion) + ", section format " +
                                          std::to_string(kFormatVersion))
        ->description("the version of mapferry and of its section format");
}

bool knows_all(CLI::App& app, const std::vector<std::string>& arguments) {
    prepare(app);
    app.set_help_flag();
    app.allow_extras();  // otherwise an unknown word throws: 1 ms the first time
    try {
        parse(app, arguments);
        return app.remaining_size() == 0;
    } catch (const CLI::ParseError&) {
        return false;
    }
}

std::optional<int> parse_command_line(CLI::App& app, const std::vector<std::string>& arguments,
                                      const Help& help) {
    const Messages messages(app.get_name(), Verbosity::kNormal, failure_format());
    try {
        parse(app, arguments);
    } catch (const CLI::CallForHelp&) {
        return messages.ended(messages.help(short_help(app, help)));
    } catch (const CLI::CallForAllHelp&) {
        return messages.ended(messages.help(long_help(app, help)));
    } catch (const CLI::CallForVersion& version) {
        return messages.ended(messages.help(std::string(version.what()) + "\n"));
    } catch (const CLI::ParseError& error) {
        return messages.ended(
            {Code::kUsage, without_marks(error.what()), usage_hint(app, help), 0});
    }
    return std::nullopt;
}

}  // namespace mapferry::cli
