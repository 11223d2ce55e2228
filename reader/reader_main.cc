// SPDX-License-Identifier: Apache-2.0
// mapferry-reader: receives payloads from a section, and looks after sections.
#include "cli/command_line.h"
#include "cli/guarded_run.h"
#include "cli/terminal.h"
#include "mapferry/fault_guard.h"
#include "reader/doctor_bench_ways.h"
#include "reader/doctor_command.h"
#include "reader/inspect_commands.h"
#include "reader/picture_decoder.h"
#include "reader/read_buffer_command.h"
#include "reader/reader_options.h"
#include "reader/receive_command.h"
#include "reader/receive_frames_command.h"
#include "reader/receive_texts_command.h"

namespace {

using namespace mapferry::cli;

constexpr const char* kProgram = "mapferry-reader";

int run_screen_command(const ReaderCommandLine& line, const Messages& messages,
                       const std::atomic<int>& stop, bool named) {
    if (line.view->parsed()) {
        ViewCommand command = line.view_command;
        command.address = line.address();
        command.timeout_ms = line.receive.common.timeout_ms;
        return run_view(messages, command, stop);
    }
    TopCommand command = line.top_command;
    command.reach = line.address().reach;
    if (named) command.only = line.address();
    return run_top(messages, command, stop);
}

int run_sub_command(const ReaderCommandLine& line, const std::atomic<int>& stop, bool named) {
    const Messages messages = line.messages(kProgram);
    const mapferry::SectionAddress address = line.address();
    if (line.top->parsed() || line.view->parsed())
        return run_screen_command(line, messages, stop, named);
    if (line.list->parsed()) return run_list(messages, address.reach);
    if (line.info->parsed()) return run_info(messages, address);
    if (line.verify->parsed()) return run_verify(messages, address);
    if (line.collect->parsed()) return run_collect(messages, address, line.inspect.users);
    if (line.doctor->parsed() && line.bench_command.wanted) {
        BenchCommand command = line.bench_command;
        command.section_name = address.name;
        return run_doctor_bench(messages, command, stop);
    }
    if (line.doctor->parsed()) return run_doctor(messages, address.reach);
    return run_remove(
        messages, address,
        line.inspect.force ? mapferry::RemovePolicy::kAnyway : mapferry::RemovePolicy::kRefuseLive);
}

int run_receiving(const ReaderCommand& command, const std::atomic<int>& stop) {
    if (command.buffer.wanted) return run_read_buffer(command, stop);
    if (command.text) return run_receive_texts(command, stop);
    if (command.frames) return run_receive_frames(command, stop);
    return run_receive(command, stop);
}

int run_command(const CLI::App& app, const ReaderCommandLine& line, const std::atomic<int>& stop) {
    if (app.get_subcommands().empty()) return run_receiving(line.receive, stop);
    const bool named =
        !line.inspect.name.empty() || app.count("--name") + app.count("--backing") > 0;
    if (line.remove->parsed() && !named) {
        return line.messages(kProgram).error({mapferry::Code::kUsage,
                                              "rm needs the name of a section",
                                              "mapferry-reader ls shows them", 0});
    }
    return run_sub_command(line, stop, named);
}

int run(int argc, char** argv, const std::atomic<int>& stop) {
    const std::vector<std::string> arguments = utf8_arguments(argc, argv);
    if (const auto plain = parse_plain(kProgram, add_plain_reader_options, arguments))
        return run_receive(*plain, stop);
    CLI::App app("mapferry-reader: receive files from shared memory, verified", kProgram);
    ReaderCommandLine line;
    add_reader_options(app, line);
    if (const auto code = parse_command_line(app, arguments, kProgram)) return *code;
    return run_command(app, line, stop);
}

}  // namespace

int main(int argc, char** argv) {
    prepare_streams();
    const std::string_view only = argc == 2 ? argv[1] : "";
    if (only == kDecodeArgument) decode_for_parent(Sandbox::kRequired);
    if (only == kDecodeAnywayArgument) decode_for_parent(Sandbox::kAsFarAsPossible);
    if (only == kSendArgument) return send_for_parent();
    set_failure_format(wanted_format({argv, static_cast<std::size_t>(argc)}));
    const std::atomic<int>& stop = catch_signals();
    // Without it a section that somebody cuts ends this process by SIGBUS; that is all.
    (void)mapferry::install_fault_guard();
    const int code = run_guarded(kProgram, [&] { return run(argc, argv, stop); });
    // relaxed: the flag alone is the message
    if (const int signal = stop.load(std::memory_order_relaxed); signal != 0 && code != 0)
        end_by_signal(signal);
    return code;
}
