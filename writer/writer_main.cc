// SPDX-License-Identifier: Apache-2.0
// mapferry-writer: puts files, a stream or a text into a section.
#include "cli/command_line.h"
#include "cli/guarded_run.h"
#include "cli/terminal.h"
#include "mapferry/fault_guard.h"
#include "writer/producer.h"
#include "writer/send_command.h"
#include "writer/send_frames_command.h"
#include "writer/write_buffer_command.h"
#include "writer/writer_options.h"

namespace {

using namespace mapferry::cli;

constexpr const char* kProgram = "mapferry-writer";

int run_wanted(const WriterCommand& command, const std::atomic<int>& stop) {
    if (command.buffer.wanted) return run_write_buffer(command, stop);
    return command.frames ? run_send_frames(command, stop) : run_send(command, stop);
}

int run(int argc, char** argv, const std::atomic<int>& stop) {
    const std::vector<std::string> arguments = utf8_arguments(argc, argv);
    if (const auto plain = parse_plain(kProgram, add_plain_writer_options, arguments))
        return run_send(*plain, stop);
    CLI::App app("mapferry-writer: send files through shared memory, verified", kProgram);
    WriterCommand command;
    add_writer_options(app, command);
    if (const auto code = parse_command_line(app, arguments, kProgram)) return *code;
    command.readers_given = app.count("--readers") != 0;
    const Messages messages = command.common.messages(kProgram);
    if (auto taken = take_command(arguments, command); !taken) return messages.error(taken.error());
    if (command.exec.empty()) return run_wanted(command, stop);
    const auto producer = Producer::start(command.exec);
    if (!producer) return messages.error(producer.error());
    command.at_end = [&producer](std::int64_t timeout_ms) {
        return producer->ended_well(timeout_ms);
    };
    return run_wanted(command, stop);
}

}  // namespace

int main(int argc, char** argv) {
    prepare_streams();
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
