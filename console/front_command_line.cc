// SPDX-License-Identifier: Apache-2.0
#include "console/front_command_line.h"

#include <fmt/format.h>

#include <array>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/guarded_run.h"
#include "cli/terminal.h"
#include "console/commands.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::array kExamples = {
    Example{"@ send photo.bmp", "send a file to one reader"},
    Example{"@ receive", "receive it, in another terminal"},
    Example{"@ ls", "list the sections of this user"},
    Example{"@ help send", "all that send can do"},
};
constexpr std::array kOptionGroups = {
    OptionGroup{"Options", "--json -h --help --version"},
};

// Lists the commands by groups, each on a line of its own.
std::string commands_text() {
    std::string text;
    for (const CommandGroup& group : command_groups()) {
        text += fmt::format("{}{}:\n", text.empty() ? "" : "\n", group.title);
        for (const Command& command : group.commands)
            text += fmt::format("  {:<22}{}\n", command.name, command.about);
    }
    return text + "\nHelp:\n" +
           fmt::format("  {:<22}{}\n", "help [COMMAND]", "the same as COMMAND --help");
}

Help front_help(const std::string& commands) {
    return {
        .about = "pass files, streams, texts and frames through shared memory, verified",
        .usage = "COMMAND [ARGUMENT...]",
        .usual =
            "  send, receive            files, streams, texts, frames, buffers\n"
            "  ls, info, verify         list sections, show one, check one\n"
            "  rm, gc                   remove a section, or what dead processes left\n"
            "  top, view, serve         watch what passes, look at pictures\n"
            "  doctor, bench            what is wrong on this machine, how fast it is\n"
            "  bridge                   other machines, where mapferry-bridge is installed\n"
            "  help COMMAND             all that a command can do\n",
        .examples = kExamples,
        .note = commands,
        .groups = kOptionGroups,
    };
}

int unknown_command(const Messages& messages, const std::string& word) {
    const Command* const nearest = nearest_command(word);
    return messages.ended({Code::kUsage, "there is no command " + in_quotes(word),
                           nearest != nullptr ? fmt::format("did you mean {}?", nearest->program)
                                              : "mapferry --help lists the commands",
                           0});
}

}  // namespace

int run_front(const Call& call) {
    const std::vector<std::string>& words = call.arguments;
    const Messages messages(call.program, Verbosity::kNormal, failure_format());
    if (!words.empty() && !words[0].starts_with('-')) return unknown_command(messages, words[0]);
    CLI::App app("", call.program);
    bool json = false;
    add_json_option(app, json);
    set_up_app(app);
    const std::string commands = commands_text();
    Help help = front_help(commands);
    help.hint_for = [](const std::string&) -> std::string {
        return "options stand behind the command: mapferry ls --json";
    };
    if (const auto code = parse_command_line(app, words, help)) return *code;
    if (json)
        return messages.ended(
            {Code::kUsage, "there is no command", "mapferry --help lists the commands", 0});
    say(short_help(app, help));
    return exit_code(Code::kUsage);
}

}  // namespace mapferry::cli
