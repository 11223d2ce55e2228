// SPDX-License-Identifier: Apache-2.0
#include "console/manage/manage_command_lines.h"

#include <array>
#include <optional>

#include "console/console_command.h"
#include "console/manage/inspect_commands.h"

namespace mapferry::cli {

namespace {

constexpr std::array kAllGroups = {
    OptionGroup{"Which sections", "--global --share"},
    kMessageGroup,
};
constexpr std::array kOpenGroups = {kOpenGroup, kMessageGroup};

constexpr std::array kLsExamples = {
    Example{"@", "a line for each section"},
    Example{"@ --json | jq -r .name", "their names alone"},
};
constexpr Help kLsHelp{
    .about = "list the sections of this user",
    .usage = "[OPTION...]",
    .usual = "  --json  a JSON object for each section\n",
    .examples = kLsExamples,
    .groups = kAllGroups,
};

constexpr std::array kInfoExamples = {
    Example{"@ cam", "what the section cam holds, who writes it, who reads it"},
    Example{"@ --backing /tmp/cam.section", "a section in a file"},
    Example{"mapferry receive --frames -o - --name cam | ffmpeg $(@ --ffmpeg cam) -i - cam.mp4",
            "pass frames to ffmpeg"},
};
constexpr std::array kInfoGroups = {
    kOpenGroup,
    OptionGroup{"Frames", "--ffmpeg --gstreamer"},
    kMessageGroup,
};
constexpr Help kInfoHelp{
    .about = "show every fact about a section",
    .usage = "[OPTION...] [NAME]",
    .usual =
        "  NAME            the section (default: mapferry)\n"
        "  --backing PATH  a section in a file\n"
        "  --json          as a JSON object\n"
        "  --ffmpeg        only the arguments with which ffmpeg reads its frames\n",
    .examples = kInfoExamples,
    .groups = kInfoGroups,
};

constexpr std::array kVerifyExamples = {
    Example{"@ cam", "check what is kept in the section cam"},
    Example{"@ --backing /tmp/cam.section", "a section in a file"},
};
constexpr Help kVerifyHelp{
    .about = "check every byte of a kept section",
    .usage = "[OPTION...] [NAME]",
    .usual =
        "  NAME            the section (default: mapferry)\n"
        "  --backing PATH  a section in a file\n"
        "  --json          a JSON object for each payload\n",
    .examples = kVerifyExamples,
    .groups = kOpenGroups,
};

constexpr std::array kRmExamples = {
    Example{"@ cam", "remove the section cam"},
    Example{"@ --force cam", "also under its living writer"},
    Example{"@ --backing /tmp/cam.section", "a section in a file"},
};
constexpr std::array kRmGroups = {
    kSectionGroup,
    OptionGroup{"How", "-f"},
    kMessageGroup,
};
constexpr Help kRmHelp{
    .about = "remove a section",
    .usage = "[OPTION...] NAME",
    .usual =
        "  NAME            the section\n"
        "  --backing PATH  a section in a file\n"
        "  -f              also under a living writer, and as root another user's\n",
    .examples = kRmExamples,
    .groups = kRmGroups,
};

constexpr std::array kGcExamples = {
    Example{"@", "remove what this user's dead processes left"},
    Example{"@ --all-users", "as root: that of all users"},
    Example{"@ --backing /tmp/cam.section", "a section in a file, where it is dead"},
};
constexpr std::array kGcGroups = {
    OptionGroup{"Which sections", "--all-users --backing --global"},
    kMessageGroup,
};
constexpr Help kGcHelp{
    .about = "remove what dead processes left",
    .usage = "[OPTION...]",
    .usual =
        "  --all-users     as root: what other users' dead processes left, too\n"
        "  --backing PATH  a section in a file\n",
    .examples = kGcExamples,
    .groups = kGcGroups,
};

// Runs a command that takes one section and has no further options.
int call_about_section(const Call& call, const Help& help,
                       int (*work)(const Messages&, const SectionAddress&)) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    add_open_options(app, command);
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, help)) return *code;
    return work(command.common.messages(), command.address());
}

}  // namespace

int call_ls(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    add_global_option(app, command.common.address);
    add_share_option(app, command.common.address,
                     "also the sections of other users that their owners share with this group, "
                     "or those that this user shares: group:NAME, user:NAME");
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kLsHelp)) return *code;
    return run_list(command.common.messages(), command.address());
}

int call_info(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    std::optional<ReadingProgram> program;
    add_open_options(app, command);
    CLI::Option* const ffmpeg = app.add_flag_callback(
        "--ffmpeg", [&program] { program = ReadingProgram::kFfmpeg; },
        "print only the arguments with which ffmpeg and ffplay read what mapferry receive "
        "--frames -o - writes");
    app.add_flag_callback(
           "--gstreamer", [&program] { program = ReadingProgram::kGstreamer; },
           "the same for gst-launch-1.0: the beginning of its pipeline")
        ->excludes(ffmpeg);
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kInfoHelp)) return *code;
    const Messages messages = command.common.messages();
    return program ? run_arguments(messages, command.address(), *program)
                   : run_info(messages, command.address());
}

int call_verify(const Call& call) {
    return call_about_section(call, kVerifyHelp, run_verify);
}

int call_rm(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    bool force = false;
    add_section_options(app, command);
    app.add_flag("-f,--force", force, "also under a living writer, and as root another user's");
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kRmHelp)) return *code;
    const Messages messages = command.common.messages();
    if (!names_a_section(app, command))
        return messages.ended(
            {Code::kUsage, "the name of a section is missing", "mapferry ls shows them", 0});
    return run_remove(messages, command.address(),
                      force ? RemovePolicy::kAnyway : RemovePolicy::kRefuseLive);
}

int call_gc(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    Users users = Users::kThisOne;
    app.add_flag_callback(
        "--all-users", [&users] { users = Users::kAll; },
        "as root: what other users' dead processes left, too");
    add_backing_option(app, command.common.address);
    add_global_option(app, command.common.address);
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kGcHelp)) return *code;
    return run_collect(command.common.messages(), command.address(), users);
}

}  // namespace mapferry::cli
