// SPDX-License-Identifier: Apache-2.0
#include "reader/reader_options.h"

#include <array>
#include <limits>

#include "cli/command_line.h"
#include "cli/front_door.h"

namespace mapferry::cli {

namespace {

constexpr std::array kExamples = {
    Example{"@", "receive under the sender's file name"},
    Example{"@ -o copy.bmp", "receive into copy.bmp"},
    Example{"@ --name cam -o pictures/", "receive into a folder"},
    Example{"@ -o - | tar x", "receive a stream to standard output"},
    Example{"@ --name cam --consume", "take a kept payload and remove it"},
    Example{"@ --null", "verify and discard"},
    Example{"@ --text --follow", "print texts as they come, of one writer after another"},
    Example{"@ --frames -o 'frame-%06d.png'", "store frames as pictures"},
    Example{"@ --frames -o - | ffplay $(mapferry info --ffmpeg) -", "look at frames"},
    Example{"@ --frames --y4m -o - | ffplay -",
            "the same for YUV, with size and rate in the stream"},
    Example{"@ --buffer state --at 16 --bytes 100 -o part.bin", "read a part of a buffer"},
};

constexpr std::array kGroups = {
    OptionGroup{"What to take", "--name --backing --global --share --consume"},
    OptionGroup{"Where it goes",
                "-o --force --in-place --rename --null --preserve --durable --sparse"},
    OptionGroup{"Waiting", "--timeout --stall-timeout"},
    OptionGroup{"Texts and frames",
                "--text --frames --count --follow --latest --spin --levels --y4m"},
    OptionGroup{"A buffer (--buffer)", "--buffer --at --bytes"},
    OptionGroup{"Output and messages", "-q --progress --json -h --help --version"},
};

std::string hint_for(const std::string& word) {
    return looks_after_sections(word) ? "it is a command of mapferry: mapferry " + word : "";
}

void add_frame_options(CLI::App& app, ReaderCommand& command) {
    CLI::Option* const frames = app.add_flag(
        "--frames", command.frames,
        "receive a stream of frames: as raw video, or as pictures with -o 'frame-%06d.png' "
        "(.bmp .png .jpg .ppm .pgm, .npy for arrays, .raw for bytes; numbered from 1); ends when "
        "the writer has ended its stream; after its death the reader waits until a writer is "
        "started again");
    app.add_flag("--y4m", command.y4m,
                 "frames: as YUV4MPEG2 video, which says what it is, with -o - or -o FILE; "
                 "-o FILE.y4m is enough")
        ->needs(frames);
    app.add_flag(
           "--latest", command.latest,
           "frames: always the newest one, and no writer waits for this reader; without it the "
           "oldest that is still available; if the writer has --lossless, each one")
        ->needs(frames);
    add_number_option(app, "--count", command.count, 1, std::numeric_limits<std::int64_t>::max(),
                      "end after N frames or texts");
    app.add_flag("--spin", command.spin, "frames: wait without sleeping, on a processor of its own")
        ->needs(frames);
    add_levels_option(app, command.levels,
                      "frames as pictures: which samples of more than 8 bits, or floating-point "
                      "numbers, become black and white; auto: each frame's own extremes. Without "
                      "it the whole range, or 0 to 1")
        ->needs(frames);
}

void add_text_options(CLI::App& app, ReaderCommand& command) {
    app.add_flag("--text", command.text,
                 "receive texts only, and print each on a line of its own when it is whole; "
                 "escaped on a terminal")
        ->excludes(app.get_option("--frames"))
        ->excludes(app.get_option("--durable"));
    app.add_flag(
        "--follow", command.follow,
        "go on with the next writer when one has ended, for ever unless --timeout is given");
}

void add_place_options(CLI::App& app, ReaderCommand& command) {
    CLI::Option* const buffer = add_buffer_options(app, command.common.address, command.buffer)
                                    ->excludes(app.get_option("--frames"))
                                    ->excludes(app.get_option("--text"));
    add_size_option(app, "--bytes", command.bytes, "how many bytes")
        ->default_str("to the end")
        ->needs(buffer);
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
                 "_ for a character. Without this option that payload is left out, the others "
                 "arrive, and the exit code is 73");
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

}  // namespace

const Help kReaderHelp{
    .about = "receive files, streams, texts or frames from shared memory, verified",
    .usage = "[OPTION...]",
    .usual =
        "  -o PATH         a file, a folder, or - for standard output\n"
        "  -f              replace an existing file\n"
        "  --name NAME     the section, where the writer has the same name\n"
        "  --text          print texts, each on a line of its own\n"
        "  --frames        receive pictures or raw video, frame by frame\n"
        "  --consume       remove a kept section when all of it is here\n"
        "  --timeout TIME  how long to wait for the writer to come\n",
    .examples = kExamples,
    .note = "Without -o a text, or a stream without a name, goes to standard output.\n",
    .groups = kGroups,
    .hint_for = hint_for,
};

void add_plain_reader_options(CLI::App& app, ReaderCommand& command) {
    add_name_option(app, command.common.address);
    add_output_options(app, command);
    add_null_option(app, command);
    add_timeout_option(app, command.common);
    add_quiet_option(app, command.common.quiet);
}

void add_reader_options(CLI::App& app, ReaderCommand& command) {
    add_address_options(app, command.common.address);
    add_share_option(app, command.common.address, kTrust);
    add_output_options(app, command);
    add_rename_option(app, command);
    app.add_flag("--consume", command.consume,
                 "remove a kept section after it was received; exactly one consumer gets it");
    add_null_option(app, command);
    app.add_flag("--preserve", command.preserve,
                 "give the file the source's time and permission bits");
    app.add_flag("--durable", command.durable,
                 "the file and its name are on the disk before it counts as received")
        ->excludes("--null");
    CLI::Option* const sparse = add_sparse_option(app, command);
    add_frame_options(app, command);
    add_text_options(app, command);
    add_place_options(app, command);
    for (const char* const other : {"--frames", "--text", "--buffer"})
        sparse->excludes(app.get_option(other));
    add_behaviour_options(app, command.common);
    set_up_app(app);
}

}  // namespace mapferry::cli
