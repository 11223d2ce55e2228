// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

namespace mapferry::cli {

int exit_code(Code code) {
    switch (code) {
        case Code::kNotReady:  // what has the name is no section
            return static_cast<int>(Code::kCorrupt);
        case Code::kBusy:
            return static_cast<int>(Code::kTimedOut);
        case Code::kInterrupted:
            return 130;  // only where the signal itself is unknown
        default:
            return static_cast<int>(code);
    }
}

std::string exit_code_help() {
    return "Exit codes:\n"
           "  0   done, every byte verified\n"
           "  64  wrong usage\n"
           "  65  bad data: a checksum or field is wrong\n"
           "  66  no such input file or section\n"
           "  69  the other side is gone: it died, aborted, or came too late\n"
           "  71  the operating system refused\n"
           "  73  cannot create: a name is taken or not allowed, or the output exists\n"
           "  74  input, output or space failed\n"
           "  75  timed out, or busy: try again\n"
           "  76  the section speaks another format version\n"
           "  77  permission denied, read-only, or owned by somebody else\n"
           "  78  doctor found a fault, a line with !!\n"
           "  128+n  ended by signal n, after cleaning up\n";
}

}  // namespace mapferry::cli
