// SPDX-License-Identifier: Apache-2.0
// Causes in the form that sections hold. Both maps are explicit, because the numbers of Code may
// change and those of layout::Cause may not.
#pragma once

#include <cstdint>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

namespace layout {

// The reason why a side stopped early, in abort_cause and detach_cause. From 64 on the values are
// the exit codes of sysexits(3). No value is ever removed or gets another meaning.
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

// Never 0, which means "no cause" in a section.
[[nodiscard]] std::uint32_t wire_cause(Code code);

// Another process wrote the value, so it may be any number. An unknown one, perhaps from a later
// version, becomes kPeerGone: it is only certain that the other side has stopped.
[[nodiscard]] Code code_from_wire(std::uint32_t value);

}  // namespace mapferry::inline v1
