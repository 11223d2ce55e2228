// SPDX-License-Identifier: Apache-2.0
#include "writer/writer_program.h"

#include "cli/command_line.h"
#include "writer/producer.h"
#include "writer/send_command.h"
#include "writer/send_frames_command.h"
#include "writer/write_buffer_command.h"
#include "writer/writer_options.h"

namespace mapferry::cli {

namespace {

int run_wanted(const WriterCommand& command, const std::atomic<int>& stop) {
    if (command.buffer.wanted) return run_write_buffer(command, stop);
    return command.frames ? run_send_frames(command, stop) : run_send(command, stop);
}

}  // namespace

int run_writer(const Call& call) {
    const std::atomic<int>& stop = *call.stop;
    if (const auto plain = parse_plain(call.program, add_plain_writer_options, call.arguments))
        return run_send(*plain, stop);
    CLI::App app("", call.program);
    WriterCommand command;
    command.common.program = call.program;
    add_writer_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kWriterHelp)) return *code;
    command.readers_given = app.count("--readers") != 0;
    const Messages messages = command.common.messages();
    if (auto taken = take_command(call.arguments, command); !taken)
        return messages.ended(taken.error());
    if (command.exec.empty()) return run_wanted(command, stop);
    const auto producer = Producer::start(command.exec);
    if (!producer) return messages.ended(producer.error());
    command.at_end = [&producer](const Timeout& timeout) { return producer->ended_well(timeout); };
    return run_wanted(command, stop);
}

}  // namespace mapferry::cli
