// SPDX-License-Identifier: Apache-2.0
#include "reader/target.h"

#include <utility>

#include "cli/short_names.h"
#include "cli/terminal.h"
#include "mapferry/detail/path_facts.h"
#include "mapferry/file_name.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

Result<Target> standard_output(const ReaderCommand& command, const PayloadInfo& info,
                               const std::atomic<int>& stop) {
    const std::string& option = command.output;
    if (option.empty() && !info.is_text && stdout_is_terminal())
        return fail(Code::kUsage, "the payload has no name, and standard output is a terminal",
                    "name a file with -o PATH, or send it to the terminal with -o -");
    if (command.durable) return std::unexpected(durable_needs_a_file());
    auto output = Output::to_standard_output(info.source, &stop);
    if (!output) return std::unexpected(output.error());
    return Target{.output = std::move(*output),
                  .shown = "-",
                  .on_stdout = true,
                  .on_terminal_as_text = option.empty() && info.is_text && stdout_is_terminal()};
}

Result<Target> file(const ReaderCommand& command, const PayloadInfo& info, const std::string& path,
                    const MadeFiles& made) {
    if (auto other = made.check(path); !other) return std::unexpected(other.error());
    auto output = Output::to_file(path, command.overwrite(), info.source);
    if (!output) return std::unexpected(output.error());
    return Target{.output = std::move(*output), .shown = path};
}

// Whether --rename must look for another name than `path`.
bool is_taken(const ReaderCommand& command, const std::string& path, const MadeFiles& made) {
    const bool stays = command.overwrite() == Overwrite::kRefuse;
    return stays ? identity_of(path).has_value() : is_folder(path) || !made.check(path);
}

std::string free_path(const ReaderCommand& command, const PayloadInfo& info,
                      const std::string& folder, const MadeFiles& made) {
    const std::string name = harmless_file_name(info.name);
    std::string path = folder + name;
    for (std::uint64_t number = 2; is_taken(command, path, made); ++number)
        path = folder + numbered_file_name(name, number);
    return path;
}

// Opens a file with the sender's name in `folder`.
Result<Target> file_in(const ReaderCommand& command, const PayloadInfo& info,
                       const std::string& folder, const MadeFiles& made) {
    if (info.name.empty())
        return fail(Code::kCannotCreate, "the payload has no name to be stored under",
                    "name a file with -o PATH, or use -o -");
    if (command.rename) return file(command, info, free_path(command, info, folder, made), made);
    auto name = filter_file_name(info.name);
    if (!name) return std::unexpected(name.error());
    auto target = file(command, info, folder + *name, made);
    if (!target && target.error().code == Code::kCannotCreate && identity_of(folder + *name)) {
        std::string& hint = target.error().hint;
        hint += (hint.empty() ? "" : ", or ") + std::string("give it another name with --rename");
    }
    return target;
}

}  // namespace

Status durable_needs_a_file() {
    return {Code::kUsage, "standard output can't be made durable", "name a file with -o PATH", 0};
}

bool goes_into_folder(const ReaderCommand& command, const PayloadInfo& info) {
    if (command.discard || command.output == "-") return false;
    return command.output.empty() ? !info.name.empty() : is_folder(command.output);
}

Result<Target> choose_target(const ReaderCommand& command, const PayloadInfo& info,
                             const MadeFiles& made, const std::atomic<int>& stop) {
    const std::string& option = command.output;
    if (command.discard) return Target{.output = Output::to_nowhere(), .shown = {}};
    if (goes_into_folder(command, info))
        return file_in(command, info,
                       option.empty() || option.ends_with('/') ? option : option + "/", made);
    if (option == "-" || option.empty()) return standard_output(command, info, stop);
    if (option.ends_with('/'))
        return fail(Code::kCannotCreate, "there is no folder " + in_quotes(option),
                    "make it first: mkdir " + escape_for_terminal(option));
    if (info.payload_count > 1 || info.payload_index > 0)
        return fail(Code::kCannotCreate,
                    "several payloads come, and " + in_quotes(option) + " is one file",
                    "give a folder with -o DIR, or -o - for all in one stream");
    return file(command, info, option, made);
}

}  // namespace mapferry::cli
