// SPDX-License-Identifier: Apache-2.0
#include "reader/reader_options.h"

#include <limits>

#include "cli/command_line.h"
#include "cli/size_text.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kIntervalMinMs = 50;  // of top
constexpr const char* kExamples = R"(Examples:
  mapferry-reader                          receive under the sender's file name
  mapferry-reader -o copy.bmp              receive into copy.bmp
  mapferry-reader --name cam -o pictures/  receive into a folder
  mapferry-reader -o - | tar x             receive a stream to standard output
  mapferry-reader --name cam --consume     take a kept payload and remove it
  mapferry-reader --null                   verify and discard
  mapferry-reader --frames -o - | ffplay -f rawvideo -pixel_format bgr24 -video_size 1920x1080 -
                                           look at frames (info shows the right command)
  mapferry-reader --text --follow          print texts as they come, of one writer after another
  mapferry-reader --buffer state --at 16 --bytes 100 -o part.bin
                                           read a part of a buffer
  mapferry-reader --frames -o 'frame-%06d.png'
                                           store frames as pictures
  mapferry-reader ls                       list the sections of this user
  mapferry-reader top                      watch what passes through them
  mapferry-reader view --follow            look at frames in this terminal

Without -o a text, or a stream without a name, goes to standard output.
)";

void add_frame_options(CLI::App& app, ReaderCommand& command) {
    CLI::Option* const frames = app.add_flag(
        "--frames", command.frames,
        "receive a stream of frames: as raw video, or as pictures with -o 'frame-%06d.png' "
        "(.bmp .png .jpg .ppm .pgm, .raw for bytes; numbered from 1); ends when the writer has "
        "ended its stream; one that died or gave up is waited for to be started again");
    app.add_flag(
           "--latest", command.latest,
           "frames: always the newest one, and no writer waits for this reader; else the next "
           "that is still there, with --lossless of the writer each")
        ->needs(frames);
    add_number_option(app, "--count", command.count, 1, std::numeric_limits<std::int64_t>::max(),
                      "frames, texts: end after so many");
    app.add_flag("--spin", command.spin, "frames: wait without sleeping, on a processor of its own")
        ->needs(frames);
}

void add_text_options(CLI::App& app, ReaderCommand& command) {
    app.add_flag("--text", command.text,
                 "receive texts only, and print each on a line of its own when it is whole; "
                 "escaped on a terminal")
        ->excludes(app.get_option("--frames"))
        ->excludes(app.get_option("--durable"));
    app.add_flag("--follow", command.follow,
                 "texts, frames: go on with the next writer when one has ended, for ever unless "
                 "--timeout is given");
}

void add_place_options(CLI::App& app, ReaderCommand& command) {
    CLI::Option* const buffer = add_buffer_options(app, command.common.address, command.buffer)
                                    ->excludes(app.get_option("--frames"))
                                    ->excludes(app.get_option("--text"));
    add_size_option(app, "--bytes", command.bytes, "buffer: how many bytes")
        ->default_str("to the end")
        ->needs(buffer);
}

CLI::App* add_command(CLI::App& app, InspectCommand& command, const char* name,
                      const char* description) {
    CLI::App* const sub = app.add_subcommand(name, description);
    add_json_option(*sub, command.json);
    sub->footer(common_footer());
    sub->fallthrough();  // --name, --backing and --json may stand on either side
    return sub;
}

// A sub-command about one section, named or in a file.
CLI::App* add_section_command(CLI::App& app, InspectCommand& command, const char* name,
                              const char* description) {
    CLI::App* const sub = add_command(app, command, name, description);
    add_word_option(*sub, "NAME", command.name, "the section; else the one of --name or --backing")
        ->type_name("");
    return sub;
}

void add_output_options(CLI::App& app, ReaderCommand& command) {
    add_word_option(app, "-o,--output", command.output,
                    "file, folder, or - for standard output; a file appears only when it is whole "
                    "and verified")
        ->type_name("PATH|DIR|-");
    app.add_flag("-f,--force", command.force, "replace an existing file");
    app.add_flag("--in-place", command.in_place,
                 "overwrite an existing file where it is: faster, but after a failure it is "
                 "neither the old nor the new one");
}

void add_rename_option(CLI::App& app, ReaderCommand& command) {
    app.add_flag("--rename", command.rename,
                 "where the sender's name is taken or not allowed here, change it: photo-2.bmp, "
                 "_ for a character. Without, that payload is left out, the others arrive, and "
                 "the exit code is 73");
}

void add_null_option(CLI::App& app, ReaderCommand& command) {
    app.add_flag("--null", command.discard, "verify every byte and discard it");
}

CLI::Option* add_sparse_option(CLI::App& app, ReaderCommand& command) {
    return add_choice_option<Sparse>(
               app, "--sparse", command.sparse,
               {{"auto", Sparse::kAuto}, {"always", Sparse::kAlways}, {"never", Sparse::kNever}},
               "holes in the file, which take no space: auto (where the "
               "source has them), always (wherever zeros are), never")
        ->type_name("WHEN")
        ->default_str("auto");
}

void add_bench_options(CLI::App& doctor, BenchCommand& command) {
    CLI::Option* const bench =
        doctor.add_flag("--bench", command.wanted,
                        "how fast this machine is, in about ten seconds: mapping, pipes and "
                        "files, with every byte verified. Needs mapferry-writer beside this "
                        "program or in PATH");
    add_size_option(doctor, "--bench-size", command.bytes, "bench: bytes of the large payload")
        ->default_str("at most 256MiB")
        ->needs(bench);
}

void add_view_options(CLI::App& sub, ViewCommand& command) {
    sub.add_flag("--follow", command.follow, "show each newest frame, until q or the writer's end");
    add_choice_option<std::optional<Colors>>(sub, "--colors", command.colors,
                                             {{"auto", std::nullopt},
                                              {"true", Colors::kTrue},
                                              {"256", Colors::k256},
                                              {"ascii", Colors::kAscii}},
                                             "auto (what the terminal has), true, 256, ascii")
        ->type_name("COLORS")
        ->default_str("auto");
    sub.add_option_function<std::string>(
           "--size",
           [&command](const std::string& text) {
               command.size = parse_cells(text);
               if (!command.size)
                   throw CLI::ValidationError(
                       "--size", in_quotes(text) + " is no size in characters; write 80x24");
           },
           "room for the picture, in characters; else the terminal's, or 80x24")
        ->type_name("COLSxROWS");
    add_word_option(
        sub, "--save", command.save,
        "also write the picture, at its full size, to this file: .png, .jpg, .bmp, .ppm")
        ->type_name("PATH");
    sub.add_flag("-f,--force", command.force, "replace an existing file");
    sub.add_flag_callback(
        "--no-sandbox", [&command] { command.sandbox = Sandbox::kAsFarAsPossible; },
        "decode pictures also where the decoder's system calls can't be filtered");
}

void add_top_options(CLI::App& sub, TopCommand& command) {
    sub.add_option_function<std::string>(
           "--interval",
           [&command](const std::string& text) {
               const auto time_ms = parse_time_ms(text);
               if (!time_ms || *time_ms < kIntervalMinMs)
                   throw CLI::ValidationError(
                       "--interval", in_quotes(text) + " is no time from 50ms on; write 2s");
               command.interval_ms = *time_ms;
           },
           "time between two looks, over which rates are taken")
        ->type_name("TIME")
        ->default_str("1s");
    sub.add_flag("--once", command.once,
                 "print one table after one interval, and end; so it is without a terminal");
}

}  // namespace

SectionAddress ReaderCommandLine::address() const {
    SectionAddress address = receive.common.address;
    if (!inspect.name.empty()) address.name = inspect.name;
    return address;
}

Messages ReaderCommandLine::messages(const std::string& program) const {
    const bool json = inspect.json || receive.common.json;
    return {program, Verbosity::kNormal, json ? Format::kJson : Format::kText};
}

void add_plain_reader_options(CLI::App& app, ReaderCommand& command) {
    add_name_option(app, command.common.address);
    add_output_options(app, command);
    add_null_option(app, command);
    add_timeout_option(app, command.common);
    add_quiet_option(app, command.common.quiet);
}

void add_reader_options(CLI::App& app, ReaderCommandLine& line) {
    set_up_app(app, kExamples);
    ReaderCommand& receive = line.receive;
    add_address_options(app, receive.common.address);
    add_output_options(app, receive);
    add_rename_option(app, receive);
    app.add_flag("--consume", receive.consume,
                 "remove a kept section after it was received; exactly one consumer gets it");
    add_null_option(app, receive);
    app.add_flag("--preserve", receive.preserve,
                 "give the file the source's time and permission bits");
    app.add_flag("--durable", receive.durable,
                 "the file and its name are on the disk before it counts as received")
        ->excludes("--null");
    CLI::Option* const sparse = add_sparse_option(app, receive);
    add_frame_options(app, receive);
    add_text_options(app, receive);
    add_place_options(app, receive);
    for (const char* const other : {"--frames", "--text", "--buffer"})
        sparse->excludes(app.get_option(other));
    add_behaviour_options(app, receive.common);
    app.require_subcommand(0, 1);
    line.list = add_command(app, line.inspect, "ls", "list the sections of this user");
    line.info = add_section_command(app, line.inspect, "info", "show all that a section says");
    line.verify =
        add_section_command(app, line.inspect, "verify", "check every byte of a kept section");
    line.remove = add_section_command(app, line.inspect, "rm", "remove a section");
    line.remove->add_flag("-f,--force", line.inspect.force,
                          "also under a living writer, and as root another user's");
    line.collect = add_command(app, line.inspect, "gc",
                               "remove what dead processes left, with --backing in a file");
    line.collect->add_flag_callback(
        "--all-users", [&line] { line.inspect.users = Users::kAll; },
        "as root: what other users' dead processes left, too");
    line.doctor = add_command(app, line.inspect, "doctor",
                              "show what may be wrong on this machine; 78 when a line has !!");
    add_bench_options(*line.doctor, line.bench_command);
    line.top = add_command(app, line.inspect, "top", "watch what passes through sections");
    add_word_option(*line.top, "NAME", line.inspect.name, "only this section; else all")
        ->type_name("");
    add_top_options(*line.top, line.top_command);
    line.view = add_section_command(app, line.inspect, "view", "look at a picture or at frames");
    add_view_options(*line.view, line.view_command);
}

}  // namespace mapferry::cli
