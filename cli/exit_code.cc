// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.h"

namespace mapferry::cli {

namespace {

// The values of <sysexits.h>, which not every system has.
enum Exit : int {
    kExitUsage = 64,
    kExitBadData = 65,
    kExitNoInput = 66,
    kExitUnavailable = 69,
    kExitSystem = 71,
    kExitCannotCreate = 73,
    kExitIo = 74,
    kExitTryAgain = 75,
    kExitProtocol = 76,
    kExitPermission = 77,
    kExitInterrupted = 130,  // only where the signal is unknown
};

}  // namespace

int exit_code(Code code) {
    switch (code) {
        case Code::kUsage:
            return kExitUsage;
        case Code::kCorrupt:
        case Code::kNotReady:  // the name leads to no section, or to an unfinished one
            return kExitBadData;
        case Code::kNotFound:
            return kExitNoInput;
        case Code::kPeerGone:
            return kExitUnavailable;
        case Code::kOutOfMemory:
        case Code::kSystem:
            return kExitSystem;
        case Code::kCannotCreate:
            return kExitCannotCreate;
        case Code::kIo:
            return kExitIo;
        case Code::kBusy:
        case Code::kStillFilling:
        case Code::kTimedOut:
        case Code::kEvicted:
            return kExitTryAgain;
        case Code::kVersion:
            return kExitProtocol;
        case Code::kPermission:
            return kExitPermission;
        case Code::kInterrupted:
            return kExitInterrupted;
    }
    return kExitSystem;
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
           "  76  the section has another format version\n"
           "  77  permission denied, read-only, or owned by somebody else\n"
           "  78  doctor found a fault, a line with !!\n"
           "  128+n  ended by signal n, after cleaning up\n";
}

}  // namespace mapferry::cli
