// SPDX-License-Identifier: Apache-2.0
// mapferry-reader: receives payloads from a section.
#include "cli/program.h"
#include "cli/terminal.h"
#include "reader/reader_program.h"

int main(int argc, char** argv) {
    using namespace mapferry::cli;
    prepare_streams();
    return run_program({"mapferry-reader", argc, argv}, run_reader);
}
