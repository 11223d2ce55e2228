// SPDX-License-Identifier: Apache-2.0
#include "mapferry/status.h"

namespace mapferry {

std::string describe(const Status& status) {
    if (status.os_error == 0) return status.message;
    return status.message + " (os error " + std::to_string(status.os_error) + ")";
}

std::string_view code_name(Code code) {
    switch (code) {
        case Code::kNotReady:
            return "not-ready";
        case Code::kBusy:
            return "busy";
        case Code::kInterrupted:
            return "interrupted";
        case Code::kUsage:
            return "usage";
        case Code::kCorrupt:
            return "corrupt";
        case Code::kNotFound:
            return "not-found";
        case Code::kPeerGone:
            return "peer-gone";
        case Code::kSystem:
            return "system";
        case Code::kCannotCreate:
            return "cannot-create";
        case Code::kIo:
            return "io";
        case Code::kTimedOut:
            return "timed-out";
        case Code::kVersion:
            return "version";
        case Code::kPermission:
            return "permission";
    }
    return "unknown";  // abort_cause and detach_cause come from other processes: any number is
                       // possible
}

}  // namespace mapferry
