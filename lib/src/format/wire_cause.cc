// SPDX-License-Identifier: Apache-2.0
#include "format/wire_cause.h"

#include <utility>

namespace mapferry::inline v1 {

namespace {

using layout::Cause;

// A code without a value of its own in the format gets the value that it used to share.
Cause to_wire(Code code) {
    switch (code) {
        case Code::kUsage:
            return Cause::kUsage;
        case Code::kNotFound:
            return Cause::kNotFound;
        case Code::kNotReady:
            return Cause::kNotReady;
        case Code::kBusy:
            return Cause::kBusy;
        case Code::kStillFilling:
        case Code::kTimedOut:
        case Code::kEvicted:
            return Cause::kTimedOut;
        case Code::kInterrupted:
            return Cause::kInterrupted;
        case Code::kPeerGone:
            return Cause::kPeerGone;
        case Code::kCorrupt:
            return Cause::kCorrupt;
        case Code::kVersion:
            return Cause::kVersion;
        case Code::kPermission:
            return Cause::kPermission;
        case Code::kCannotCreate:
            return Cause::kCannotCreate;
        case Code::kIo:
            return Cause::kIo;
        case Code::kOutOfMemory:
        case Code::kSystem:
            return Cause::kSystem;
    }
    return Cause::kPeerGone;
}

}  // namespace

std::uint32_t wire_cause(Code code) {
    return std::to_underlying(to_wire(code));
}

Code code_from_wire(std::uint32_t value) {
    switch (Cause{value}) {
        case Cause::kNotReady:
            return Code::kNotReady;
        case Cause::kBusy:
            return Code::kBusy;
        case Cause::kInterrupted:
            return Code::kInterrupted;
        case Cause::kUsage:
            return Code::kUsage;
        case Cause::kCorrupt:
            return Code::kCorrupt;
        case Cause::kNotFound:
            return Code::kNotFound;
        case Cause::kPeerGone:
            return Code::kPeerGone;
        case Cause::kSystem:
            return Code::kSystem;
        case Cause::kCannotCreate:
            return Code::kCannotCreate;
        case Cause::kIo:
            return Code::kIo;
        case Cause::kTimedOut:
            return Code::kTimedOut;
        case Cause::kVersion:
            return Code::kVersion;
        case Cause::kPermission:
            return Code::kPermission;
    }
    return Code::kPeerGone;
}

}  // namespace mapferry::inline v1
