// SPDX-License-Identifier: Apache-2.0
#include "bridge/bridge_program.h"

#include "bridge/bridge_commands.h"
#include "bridge/options/bridge_options.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace mapferry::cli {

namespace {

int run_bridge(const Call& call) {
    CLI::App app("", call.program);
    BridgeCommand command;
    BridgeWords words;
    command.common.program = call.program;
    add_bridge_options(app, command, words);
    if (const auto code = parse_command_line(app, call.arguments, kBridgeHelp)) return *code;
    const Messages messages = command.common.messages();
    if (words.command.empty() && !messages.json()) {
        say(short_help(app, kBridgeHelp));
        return exit_code(Code::kUsage);
    }
    if (const auto taken = take_words(words, command); !taken) return messages.ended(taken.error());
    return messages.ended(run_bridge_command(command, *call.stop));
}

}  // namespace

int run_bridge_program(int argc, char** argv) {
    return run_program({"mapferry-bridge", argc, argv}, run_bridge);
}

}  // namespace mapferry::cli
