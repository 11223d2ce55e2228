// mapferry-writer: puts files, a stream or a text into a section.
#include "cli/terminal.h"
#include "writer/send_command.h"
#include "writer/writer_options.h"

int main(int argc, char** argv) {
    using namespace mapferry::cli;
    CLI::App app("mapferry-writer: send files through shared memory, verified", "mapferry-writer");
    WriterCommand command;
    add_writer_options(app, command);
    if (const auto code = parse_command_line(app, argc, argv, "mapferry-writer")) return *code;
    const std::atomic<int>& stop = catch_signals();
    const int code = run_guarded("mapferry-writer", [&] { return run_send(command, stop); });
    // relaxed: raised by this thread's own signal handler
    if (const int signal = stop.load(std::memory_order_relaxed); signal != 0 && code != 0)
        end_by_signal(signal);
    return code;
}
