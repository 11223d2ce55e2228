// SPDX-License-Identifier: Apache-2.0
#include "console/serve/serve_command_line.h"

#include <array>

#include "cli/guarded_run.h"
#include "console/console_command.h"
#include "console/other_program.h"

namespace mapferry::cli {

namespace {

constexpr std::array kExamples = {
    Example{"@", "all sections, at http://127.0.0.1:8377/"},
    Example{"@ cam", "the section cam alone"},
    Example{"@ --port 9000", "at another port"},
    Example{"@ --listen 0.0.0.0", "for other machines too, with a token"},
};
constexpr std::array kGroups = {
    OptionGroup{"Which sections", "NAME --name --backing --global --share"},
    OptionGroup{"The page", "--port --listen --token --host-name"},
    OptionGroup{"How", "--memory --no-sandbox"},
    kMessageGroup,
};
constexpr Help kHelp{
    .about = "look at sections in a web browser",
    .usage = "[OPTION...] [NAME]",
    .usual =
        "  NAME              this section alone\n"
        "  --port PORT       the port on this machine (default: 8377)\n"
        "  --listen ADDRESS  for other machines too, with a token\n"
        "\n"
        "Ctrl-C ends it. The page changes nothing, and holds no camera up\n",
    .examples = kExamples,
    .note =
        "From another machine: ssh -L 8377:127.0.0.1:8377 HOST, then open http://127.0.0.1:8377/\n",
    .groups = kGroups,
};

void add_page_options(CLI::App& app, ServeCommand& serve) {
    constexpr std::uint64_t kPortMax = 65'535;
    add_number_option(app, "--port", serve.port, 0, kPortMax,
                      "the page's port; 0: any that is free")
        ->type_name("PORT")
        ->default_str("8377");
    add_word_option(app, "--listen", serve.listen,
                    "the address to listen at. One beyond this machine demands a token, which is "
                    "printed once, and bytes are not encrypted on their way")
        ->type_name("ADDRESS")
        ->default_str("127.0.0.1");
    app.add_flag("--token", serve.token,
                 "demand a token on this machine too; without it the kernel's word that a "
                 "connection is of this user or root is enough");
    app.add_option("--host-name", serve.host_names,
                   "a name by which browsers may call this machine, besides its own name and its "
                   "addresses; may be repeated")
        ->type_name("HOST")
        ->expected(1)
        ->take_all();
}

}  // namespace

std::optional<int> parse_serve(const Call& call, ServeCommand& serve) {
    CLI::App app("", call.program);
    ConsoleCommand command(call);
    add_word_option(app, "NAME", command.name, "only this section; else all")->type_name("");
    add_address_options(app, command.common.address);
    add_share_option(app, command.common.address, kTrust);
    app.get_option("--name")->default_str("");
    add_page_options(app, serve);
    add_size_option(
        app, "--memory", serve.memory_bytes,
        "memory for all frames that are held: the last ones of each stream, through which "
        "a paused page steps")
        ->default_str("512MiB");
    app.add_flag_callback(
        "--no-sandbox", [&serve] { serve.sandbox = Sandbox::kAsFarAsPossible; },
        "decode pictures also where the decoder's system calls can't be filtered");
    add_message_options(app, command);
    if (const auto code = parse_command_line(app, call.arguments, kHelp)) return code;
    serve.common = command.common;
    serve.where = command.address();
    if (names_a_section(app, command)) serve.only = command.address();
    if (serve.memory_bytes < kServeMemoryBytesMin)
        return serve.common.messages().ended({Code::kUsage, "--memory: the least is 16MiB", {}, 0});
    return std::nullopt;
}

int call_serve(const Call& call) {
    ServeCommand command;
    if (const auto code = parse_serve(call, command)) return *code;
    const auto failed = become_program("mapferry-serve", call.arguments);
    const Messages messages(call.program, Verbosity::kNormal, failure_format());
    if (failed.error().code != Code::kNotFound) return messages.ended(failed);
    return messages.ended({Code::kPeerGone, "mapferry-serve is not installed",
                           "it is a package of its own, for Linux", 0});
}

}  // namespace mapferry::cli
