// SPDX-License-Identifier: Apache-2.0
// mapferry-bridge: takes payloads and frames to other machines, through an engine that exists.
#include "bridge/bridge_program.h"
#include "bridge/freed_memory.h"
#include "cli/terminal.h"

int main(int argc, char** argv) {
    mapferry::cli::prepare_streams();
    mapferry::cli::keep_freed_memory();
    return mapferry::cli::run_bridge_program(argc, argv);
}
