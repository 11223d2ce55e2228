// SPDX-License-Identifier: Apache-2.0
// mapferry: the front door to sending, receiving, and looking after sections.
#include <string_view>

#include "cli/terminal.h"
#include "console/commands.h"
#include "console/doctor/bench_ways.h"
#include "console/front_command_line.h"
#include "console/look/picture_decoder.h"

namespace {

using namespace mapferry::cli;

constexpr std::string_view kFront = "mapferry";

int with_help(Call call, int (*work)(const Call&)) {
    call.arguments.insert(call.arguments.begin(), "--help");
    return work(call);
}

// `mapferry help COMMAND` is `mapferry COMMAND --help`. `mapferry help` and `mapferry help help`
// are `mapferry --help`.
int run_help(int argc, char** argv) {
    const std::string_view word = argc > 2 ? argv[2] : "";
    if (const Command* const command = find_command(word))
        return run_program({command->program, argc, argv, 2},
                           [command](const Call& call) { return with_help(call, command->call); });
    const bool has_word = !word.empty() && !word.starts_with('-') && word != "help";
    return run_program({kFront, argc, argv, 1}, [has_word](const Call& call) {
        return has_word ? run_front(call) : with_help(call, run_front);
    });
}

int run(int argc, char** argv) {
    const std::string_view word = argc > 1 ? argv[1] : "";
    if (word == "help") return run_help(argc, argv);
    if (const Command* const command = find_command(word))
        return run_program({command->program, argc, argv, 1}, command->call);
    return run_program({kFront, argc, argv}, run_front);
}

}  // namespace

int main(int argc, char** argv) {
    prepare_streams();
    // With one of these arguments, this process is a child of another process of this program.
    const std::string_view only = argc == 2 ? argv[1] : "";
    if (only == kDecodeArgument) decode_for_parent(Sandbox::kRequired);
    if (only == kDecodeAnywayArgument) decode_for_parent(Sandbox::kAsFarAsPossible);
    if (only == kSendArgument) return send_for_parent();
    return run(argc, argv);
}
