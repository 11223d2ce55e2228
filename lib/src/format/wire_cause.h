// SPDX-License-Identifier: Apache-2.0
// Causes as sections carry them. Both maps are explicit: the numbers of Code may change, those of
// layout::Cause may not.
#pragma once

#include <cstdint>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

namespace layout {

// Why a side stopped early, in abort_cause and detach_cause: one of these, which are the exit codes
// of sysexits(3) from 64 on. None is ever removed or gets another meaning.
enum class Cause : std::uint32_t {
    kNotReady = 1,
    kBusy = 2,
    kInterrupted = 3,
    kUsage = 64,
    kCorrupt = 65,
    kNotFound = 66,
    kPeerGone = 69,
    kSystem = 71,  // also: no memory
    kCannotCreate = 73,
    kIo = 74,
    kTimedOut = 75,
    kVersion = 76,
    kPermission = 77,
};

}  // namespace layout

// Never 0, which a section has for "no cause".
[[nodiscard]] std::uint32_t wire_cause(Code code);

// Of a value that another process wrote: any number is possible. One that is not known, also one of
// a later version, is kPeerGone: all that is certain is that the other side has stopped.
[[nodiscard]] Code code_from_wire(std::uint32_t value);

}  // namespace mapferry::inline v1
