// SPDX-License-Identifier: Apache-2.0
/// \file
/// One thing to know of this machine, as `doctor` reports it.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

enum class Severity : std::uint8_t {
    kFine,
    kWarning,  ///< works, and may surprise
    kFault,    ///< something does not work, or is in the way
};

struct MachineFact {
    std::string name;  ///< "shared memory", "open files", ...
    std::string value;
    Severity severity = Severity::kFine;
    std::string hint = {};  ///< the way out where it is not fine, as in a Status
    Remedy remedy = Remedy::kNone;
};

}  // namespace mapferry::inline v1
