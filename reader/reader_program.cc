// SPDX-License-Identifier: Apache-2.0
#include "reader/reader_program.h"

#include "cli/command_line.h"
#include "reader/read_buffer_command.h"
#include "reader/reader_options.h"
#include "reader/receive_command.h"
#include "reader/receive_frames_command.h"
#include "reader/receive_texts_command.h"

namespace mapferry::cli {

int run_reader(const Call& call) {
    const std::atomic<int>& stop = *call.stop;
    if (const auto plain = parse_plain(call.program, add_plain_reader_options, call.arguments))
        return run_receive(*plain, stop);
    CLI::App app("", call.program);
    ReaderCommand command;
    command.common.program = call.program;
    add_reader_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kReaderHelp)) return *code;
    if (command.buffer.wanted) return run_read_buffer(command, stop);
    if (command.text) return run_receive_texts(command, stop);
    if (command.frames) return run_receive_frames(command, stop);
    return run_receive(command, stop);
}

}  // namespace mapferry::cli
