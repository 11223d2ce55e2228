// SPDX-License-Identifier: Apache-2.0
// mapferry: the front door to sending, receiving, and looking after sections.
#include <string_view>

#include "cli/guarded_run.h"
#include "cli/messages.h"
#include "cli/terminal.h"
#include "console/commands.h"
#include "console/doctor/bench_ways.h"
#include "console/front_command_line.h"
#include "console/look/picture_decoder.h"
#include "console/other_program.h"

namespace {

using namespace mapferry::cli;

constexpr std::string_view kFront = "mapferry";
constexpr std::string_view kBridge = "bridge";

int with_help(Call call, int (*work)(const Call&)) {
    call.arguments.insert(call.arguments.begin(), "--help");
    return work(call);
}

// mapferry-bridge is a program of its own, so that nothing here needs the libraries of engines.
int call_bridge(const Call& call) {
    const auto failed = become_program("mapferry-bridge", call.arguments);
    const Messages messages(call.program, Verbosity::kNormal, failure_format());
    if (failed.error().code != mapferry::Code::kNotFound) return messages.ended(failed);
    return messages.ended({mapferry::Code::kPeerGone, "mapferry-bridge is not installed",
                           "it is a package of its own, for Linux", 0});
}

int run_bridge(int argc, char** argv, std::size_t words, bool wants_help) {
    return run_program({"mapferry bridge", argc, argv, words}, [wants_help](const Call& call) {
        return wants_help ? with_help(call, call_bridge) : call_bridge(call);
    });
}

// `mapferry help COMMAND` is `mapferry COMMAND --help`. `mapferry help` and `mapferry help help`
// are `mapferry --help`.
int run_help(int argc, char** argv) {
    const std::string_view word = argc > 2 ? argv[2] : "";
    if (word == kBridge) return run_bridge(argc, argv, 2, true);
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
    if (word == kBridge) return run_bridge(argc, argv, 1, false);
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
