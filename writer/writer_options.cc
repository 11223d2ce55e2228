// SPDX-License-Identifier: Apache-2.0
#include "writer/writer_options.h"

#include <algorithm>
#include <array>
#include <limits>

#include "cli/command_line.h"
#include "cli/short_names.h"
#include "cli/size_text.h"
#include "mapferry/section_info.h"

namespace mapferry::cli {

namespace {

constexpr std::array kExamples = {
    Example{"@ photo.bmp", "send a file to one reader"},
    Example{"@ --readers 3 a.bin b.bin", "send two files to three readers"},
    Example{"@ --keep --name cam photo.bmp", "leave it for readers that come later"},
    Example{"tar c folder | @ -", "send a stream of unknown length"},
    Example{"@ --exec -- tar c folder", "the same, but only if tar ends well"},
    Example{"@ --text hello world", "send short texts"},
    Example{"@ --frames *.png", "publish pictures, one after the other"},
    Example{"@ --frames video.raw --image 1920x1080:BGR24 --fps 30 --loop",
            "publish raw video, frame by frame"},
    Example{"ffmpeg -i film.mp4 -f yuv4mpegpipe - | @ --frames -", "publish a film"},
    Example{"@ --buffer state --size 1024", "make a buffer of zeros"},
    Example{"@ --buffer state --size 1024 --at 16 --text hello",
            "write into a buffer, made if need be"},
};

constexpr std::array kGroups = {
    OptionGroup{"What to send", "FILE --text --exec --strict-source --meta --meta-json"},
    OptionGroup{"The section",
                "--name --backing --global --share --keep --digest --slot-size --slots"},
    OptionGroup{"Waiting", "--readers --wait --timeout --stall-timeout"},
    OptionGroup{"Frames (--frames)",
                "--frames --image --fps --count --loop --lossless --no-rotate --describe"},
    OptionGroup{"A buffer (--buffer)", "--buffer --at --size"},
    OptionGroup{"Output and messages", "-q --progress --json -h --help --version"},
};

void add_frame_options(CLI::App& app, WriterCommand& command) {
    CLI::Option* const frames = app.add_flag(
        "--frames", command.frames,
        "publish frame by frame: each file holds one or more pictures (BMP, PNG, JPEG, PPM, PGM) "
        "or arrays (.npy), YUV4MPEG2 video, or with --image raw video. Readers take the newest "
        "frame and never hold the writer up; without --image and --fps every reader gets each "
        "one, as with --lossless");
    add_word_option(app, "--image", command.image,
                    "the files are raw video, and this is a frame of it, like "
                    "3840x2160:BGR24, or 149x83:BGR24:448 with rows of 448 bytes")
        ->type_name("WxH:FORMAT[:STRIDE]")
        ->needs(frames);
    app.add_option_function<std::string>(
           "--fps",
           [&command](const std::string& text) {
               const auto rate = parse_rate(text);
               if (!rate)
                   throw CLI::ValidationError(
                       "--fps", in_quotes(text) + " is not a number from 0 to 1000000");
               command.frame_rate = *rate;
           },
           "frames per second, like 25, 29.97 or 30000/1001; readers learn of it. 0 = as fast as "
           "they come")
        ->type_name("F")
        ->default_str("0")
        ->needs(frames);
    add_number_option(app, "--count", command.count, 1, std::numeric_limits<std::int64_t>::max(),
                      "end after N frames")
        ->needs(frames);
    app.add_flag("--loop", command.loop,
                 "begin again after the last file; one from standard input is kept in "
                 "memory")
        ->needs(frames);
    app.add_flag("--lossless", command.lossless,
                 "wait for the slowest reader instead of letting it skip; not for those with "
                 "--latest")
        ->needs(frames);
    app.add_flag("--no-rotate", command.no_rotate,
                 "leave pictures as they are stored; ignore the orientation that EXIF gives")
        ->needs(frames);
    add_word_option(app, "--describe", command.describe,
                    "a text about the stream, JSON by custom, which readers find at any time; "
                    "@PATH is the content of a file")
        ->type_name("TEXT|@PATH")
        ->needs(frames);
}

// What payloads and frames say of themselves.
void add_meta_options(CLI::App& app, WriterCommand& command) {
    CLI::Option* const meta =
        app.add_option("--meta", command.meta,
                       "give this to each payload or frame, for its readers; may be repeated")
            ->type_name("KEY=VALUE")
            ->allow_extra_args(false);
    add_word_option(app, "--meta-json", command.meta_json,
                    "the same from a file with a JSON object: its strings, numbers and booleans "
                    "for payloads, all of the file for frames")
        ->type_name("PATH")
        ->excludes(meta);
}

void add_place_options(CLI::App& app, WriterCommand& command) {
    CLI::Option* const buffer = add_buffer_options(app, command.common.address, command.buffer);
    for (const char* const other : {"--frames", "--keep", "--wait", "--meta", "--meta-json"})
        buffer->excludes(app.get_option(other));
    add_size_option(
        app, "--size", command.size_bytes,
        "the size of the buffer. Creates it, filled with zeros, if it does not exist; it stays "
        "until mapferry rm. Without a file or text nothing else is done. "
        "Windows: without --backing as long as a process has it open, this one until "
        "--timeout is over")
        ->needs(buffer);
}

void add_keep_option(CLI::App& app, WriterCommand& command) {
    app.add_flag("--keep", command.keep,
                 "store the payloads in the section and exit; they stay until mapferry rm or a "
                 "reader's --consume. Windows: "
                 "without --backing the writer stays too, until then or until --timeout is over");
}

// The words behind -- are parsed as files. take_command() makes the command of them.
void add_exec_option(CLI::App& app, WriterCommand& command) {
    app.add_flag("--exec", command.exec_wanted,
                 "run the command behind -- and send what it prints; if the command fails, the "
                 "transfer fails (74), and readers get nothing (69)");
}

void add_files(CLI::App& app, WriterCommand& command) {
    app.add_option("FILE", command.files, "files to send; - is standard input")->type_name("");
}

}  // namespace

const Help kWriterHelp{
    .about = "send files, streams, texts or frames through shared memory, verified",
    .usage = "[OPTION...] [FILE...]",
    .usual =
        "  FILE...         the files; - is standard input\n"
        "  --text TEXT...  texts\n"
        "  --frames        publish pictures or raw video, frame by frame\n"
        "  --name NAME     the section, where the reader has the same name\n"
        "  --readers N     wait for N readers instead of one\n"
        "  --keep          leave it for readers that come later\n"
        "  --timeout TIME  how long to wait for the readers to come\n",
    .examples = kExamples,
    .groups = kGroups,
};

void add_plain_writer_options(CLI::App& app, WriterCommand& command) {
    add_name_option(app, command.common.address);
    add_keep_option(app, command);
    add_timeout_option(app, command.common);
    add_quiet_option(app, command.common.quiet);
    add_files(app, command);
}

void add_writer_options(CLI::App& app, WriterCommand& command) {
    add_address_options(app, command.common.address);
    add_share_option(app, command.common.address,
                     "also the members of this group may use the section, and change all of it: "
                     "group:NAME (Windows: also user:NAME). Their readers name it too. Without "
                     "this option only this user's processes may");
    add_keep_option(app, command);
    app.add_flag("--wait", command.wait,
                 "when another writer or a kept payload has the name, wait for a turn, up to "
                 "--timeout, instead of ending with 73");
    add_number_option(app, "--readers", command.readers, 1, kReaderLimit,
                      "wait for N readers before sending (at most 64); each of them must get "
                      "everything")
        ->default_str("1");
    add_size_option(app, "--slot-size", command.slot_capacity_bytes,
                    "bytes of one slot of the ring, rounded up to pages; with --frames the largest "
                    "picture, 256MiB")
        ->default_str("at most 256KiB");
    add_number_option(app, "--slots", command.slot_count, 1, kSlotCountMax, "slots of the ring")
        ->default_str("at most 4MiB of slots");
    add_choice_option<DigestKind>(app, "--digest", command.digest,
                                  {{"chunks", DigestKind::kChunks}, {"bytes", DigestKind::kBytes}},
                                  "take each payload's XXH3-128 over its chunks' checksums, which "
                                  "is free, or over its bytes, "
                                  "which equals xxh128sum FILE: chunks, bytes")
        ->type_name("KIND")
        ->default_str("chunks");
    app.add_option("--text", command.texts,
                   "send these texts first; write file names before this option or after --")
        ->type_name("TEXT");
    app.add_flag("--strict-source", command.strict_source,
                 "fail (65) if a file changes while it is read, which then reaches nobody; without "
                 "this option both sides mark the payload, with a warning");
    add_frame_options(app, command);
    add_meta_options(app, command);
    add_place_options(app, command);
    add_behaviour_options(app, command.common);
    add_exec_option(app, command);
    add_files(app, command);
    set_up_app(app);
}

Result<void> take_command(const std::vector<std::string>& arguments, WriterCommand& command) {
    if (!command.exec_wanted) return {};
    const auto dashes = std::ranges::find(arguments, "--");
    if (dashes != arguments.end()) command.exec.assign(dashes + 1, arguments.end());
    if (command.exec.empty())
        return fail(Code::kUsage, "--exec has no command",
                    "put it behind --: " + command.common.program + " --exec -- COMMAND ARGUMENTS");
    if (command.files.size() != command.exec.size() || !command.texts.empty())
        return fail(Code::kUsage, "--exec sends what its command prints, and nothing else",
                    "leave out the files and texts before --");
    command.files = {"-"};
    return {};
}

}  // namespace mapferry::cli
