// SPDX-License-Identifier: Apache-2.0
// mapferry-writer: puts files, the bytes of a pipe, texts or frames into a section.
#include "cli/program.h"
#include "cli/terminal.h"
#include "writer/writer_program.h"

int main(int argc, char** argv) {
    using namespace mapferry::cli;
    prepare_streams();
    return run_program({"mapferry-writer", argc, argv}, run_writer);
}
