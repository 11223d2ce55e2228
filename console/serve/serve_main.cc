// SPDX-License-Identifier: Apache-2.0
// mapferry-serve: sections in a web browser. `mapferry serve` starts it.
#include <string_view>

#include "cli/terminal.h"
#include "console/look/picture_decoder.h"
#include "console/serve/serve_program.h"

int main(int argc, char** argv) {
    using namespace mapferry::cli;
    prepare_streams();
    // With one of these arguments, this process is a child of another process of this program.
    const std::string_view only = argc == 2 ? argv[1] : "";
    if (only == kDecodeArgument) decode_for_parent(Sandbox::kRequired);
    if (only == kDecodeAnywayArgument) decode_for_parent(Sandbox::kAsFarAsPossible);
    return run_program({"mapferry serve", argc, argv}, run_serve);
}
