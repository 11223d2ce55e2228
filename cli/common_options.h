// The options that both programs share, and how their command lines are parsed.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/messages.h"
#include "cli/progress.h"
#include "mapferry/section.h"

namespace mapferry::cli {

struct CommonOptions {
    SectionAddress address;
    std::int64_t timeout_ms = 30'000;
    bool timeout_given = false;
    bool quiet = false;
    bool json = false;
    ProgressMode progress = ProgressMode::kAuto;

    [[nodiscard]] Messages messages(const std::string& program) const {
        return {program, quiet ? Verbosity::kQuiet : Verbosity::kNormal,
                json ? Format::kJson : Format::kText};
    }
    // No progress line among JSON lines or for a quiet run.
    [[nodiscard]] ProgressMode effective_progress() const {
        return quiet || json ? ProgressMode::kNever : progress;
    }
};

// --name, --backing, --global.
void add_address_options(CLI::App& app, SectionAddress& address);
// --timeout, --quiet, --progress, --json.
void add_behaviour_options(CLI::App& app, CommonOptions& options);
void add_json_option(CLI::App& app, bool& json);
// An option whose text parse_size understands.
CLI::Option* add_size_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                             const std::string& description);

// The same, and 0 is an offset too.
CLI::Option* add_offset_option(CLI::App& app, const std::string& names, std::uint64_t& bytes,
                               const std::string& description);

// --buffer, --at: a place in a named area of bytes.
struct BufferPlace {
    bool wanted = false;  // --buffer was said; its name is in the address
    std::uint64_t at = 0;
};
// The option --buffer, for others to need. REQUIRES: add_address_options.
CLI::Option* add_buffer_options(CLI::App& app, SectionAddress& address, BufferPlace& place);

// An option that takes one of a few words.
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
        throw CLI::ValidationError(name, "\"" + text + "\" is none of " + known);
    };
    return app.add_option_function<std::string>(name, take, description);
}

// An option that takes a whole number from `least` to `most`.
CLI::Option* add_number_option(CLI::App& app, const std::string& name, std::uint64_t& value,
                               std::uint64_t least, std::uint64_t most,
                               const std::string& description);

// Prepares --version, the footer and the error style.
void set_up_app(CLI::App& app, const std::string& examples);

// Parses what utf8_arguments() gave; an exit code when the program is to end now (help, version,
// usage error).
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app,
                                                    const std::vector<std::string>& arguments,
                                                    const std::string& program);

// Says on standard error, without memory, what ends the program; exit code 71.
[[nodiscard]] int tell_failure(std::string_view program, std::string_view cause) noexcept;
[[nodiscard]] inline int tell_out_of_memory(std::string_view program) noexcept {
    return tell_failure(program, "out of memory");
}

// Runs all of the program's work. What its own code, outside of the library, throws, mostly when
// memory runs out, becomes a message and exit code 71; everything that was open has cleaned up
// behind itself.
template <typename Run>
[[nodiscard]] int run_guarded(std::string_view program, const Run& run) noexcept {
    try {
        return run();
    } catch (const std::bad_alloc&) {
        return tell_out_of_memory(program);
    } catch (const std::exception& what) {
        return tell_failure(program, what.what());
    }
}

}  // namespace mapferry::cli
