// SPDX-License-Identifier: Apache-2.0
#include "console/look/look_command_lines.h"

#include <array>

#include "cli/size_text.h"
#include "console/console_command.h"
#include "console/look/top_command.h"
#include "console/look/view_command.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr std::int64_t kIntervalMinMs = 50;  // of top

constexpr std::array kTopExamples = {
    Example{"@", "all sections, once a second, until q"},
    Example{"@ cam --interval 200ms", "the section cam alone, more often"},
    Example{"@ --once", "one table, for scripts"},
    Example{"@ --json", "a JSON object for each interval"},
};
constexpr std::array kTopGroups = {
    OptionGroup{"Which sections", "NAME --name --backing --global --share"},
    OptionGroup{"How", "--interval --once"},
    kMessageGroup,
};
constexpr Help kTopHelp{
    .about = "watch what passes through sections",
    .usage = "[OPTION...] [NAME]",
    .usual =
        "  NAME             this section alone\n"
        "  --interval TIME  the time between two looks\n"
        "  --once           print one table, and end\n"
        "\n"
        "Keys: q quit, s sort by the next column, p pause\n",
    .examples = kTopExamples,
    .note = "Keys: q quit, s sort by the next column, p pause\n",
    .groups = kTopGroups,
};

constexpr std::array kViewExamples = {
    Example{"@ photo", "the first picture of the kept section photo"},
    Example{"@ cam", "the newest frame of the section cam"},
    Example{"@ cam --follow", "each newest frame, until q"},
    Example{"@ cam --save frame.png", "write it to a file, too"},
};
constexpr std::array kViewGroups = {
    kOpenGroup,
    OptionGroup{"How", "--follow --colors --size --levels --timeout --no-sandbox"},
    OptionGroup{"Saving", "--save --force"},
    kMessageGroup,
};
constexpr Help kViewHelp{
    .about = "look at a picture or at frames in the terminal",
    .usage = "[OPTION...] [NAME]",
    .usual =
        "  NAME         the section (default: mapferry)\n"
        "  --follow     each newest frame, until q\n"
        "  --save PATH  write the picture to this file, too\n",
    .examples = kViewExamples,
    .groups = kViewGroups,
};

void add_view_options(CLI::App& app, ViewCommand& view) {
    app.add_flag("--follow", view.follow, "show each newest frame, until q or the writer's end");
    add_choice_option<std::optional<Colors>>(app, "--colors", view.colors,
                                             {{"auto", std::nullopt},
                                              {"true", Colors::kTrue},
                                              {"256", Colors::k256},
                                              {"ascii", Colors::kAscii}},
                                             "auto (what the terminal has), true, 256, ascii")
        ->type_name("COLORS")
        ->default_str("auto");
    app.add_option_function<std::string>(
           "--size",
           [&view](const std::string& text) {
               view.size = parse_cells(text);
               if (!view.size)
                   throw CLI::ValidationError(
                       "--size", in_quotes(text) + " is no size in characters; write 80x24");
           },
           "room for the picture, in characters; else the terminal's, or 80x24")
        ->type_name("COLSxROWS");
    add_levels_option(app, view.levels,
                      "which samples of more than 8 bits, or floating-point numbers, become black "
                      "and white; auto: the picture's own extremes. Without it the whole range, or "
                      "0 to 1");
    add_word_option(
        app, "--save", view.save,
        "also write the picture, at its full size, to this file: .png, .jpg, .bmp, .ppm")
        ->type_name("PATH");
    app.add_flag("-f,--force", view.force, "replace an existing file");
    app.add_flag_callback(
        "--no-sandbox", [&view] { view.sandbox = Sandbox::kAsFarAsPossible; },
        "decode pictures also where the decoder's system calls can't be filtered");
}

void add_top_options(CLI::App& app, TopCommand& top) {
    app.add_option_function<std::string>(
           "--interval",
           [&top](const std::string& text) {
               const auto time_ms = parse_time_ms(text);
               if (!time_ms || *time_ms < kIntervalMinMs)
                   throw CLI::ValidationError(
                       "--interval", in_quotes(text) + " is no time from 50ms on; write 2s");
               top.interval_ms = *time_ms;
           },
           "time between two looks, over which rates are taken")
        ->type_name("TIME")
        ->default_str("1s");
    app.add_flag("--once", top.once,
                 "print one table after one interval and exit; the default without a terminal");
}

}  // namespace

int call_top(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    TopCommand top;
    add_word_option(app, "NAME", command.name, "only this section; else all")->type_name("");
    add_address_options(app, command.common.address);
    add_share_option(app, command.common.address, kTrust);
    app.get_option("--name")->default_str("");
    add_top_options(app, top);
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kTopHelp)) return *code;
    top.where = command.address();
    if (names_a_section(app, command)) top.only = command.address();
    return run_top(command.common.messages(), top, *call.stop);
}

int call_view(const Call& call) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    ViewCommand view;
    add_open_options(app, command);
    add_view_options(app, view);
    add_timeout_option(app, command.common);
    app.get_option("--timeout")
        ->description("how long to wait for a writer and for its first frame; 0 = not at all");
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kViewHelp)) return *code;
    view.address = command.address();
    view.timeout = command.common.timeout;
    return run_view(command.common.messages(), view, *call.stop);
}

}  // namespace mapferry::cli
