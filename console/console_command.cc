// SPDX-License-Identifier: Apache-2.0
#include "console/console_command.h"

namespace mapferry::cli {

void add_message_options(CLI::App& app, ConsoleCommand& command) {
    add_quiet_option(app, command.common.quiet);
    add_json_option(app, command.common.json);
    set_up_app(app);
}

void add_section_options(CLI::App& app, ConsoleCommand& command) {
    add_word_option(app, "NAME", command.name, "the section; else the one of --name or --backing")
        ->type_name("");
    add_address_options(app, command.common.address);
}

void add_open_options(CLI::App& app, ConsoleCommand& command) {
    add_section_options(app, command);
    add_share_option(app, command.common.address, kTrust);
}

bool names_a_section(const CLI::App& app, const ConsoleCommand& command) {
    return !command.name.empty() || app.count("--name") + app.count("--backing") > 0;
}

}  // namespace mapferry::cli
