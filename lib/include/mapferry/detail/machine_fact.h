// SPDX-License-Identifier: Apache-2.0
/// \file
/// For the programs of this project; no promise (docs/decisions/0044-what-is-public.md).
///
/// A fact about this machine, as `doctor` reports it.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/status.h"

namespace mapferry::inline v1 {

enum class Severity : std::uint8_t {
    kFine,
    kWarning,  ///< it works, but may surprise the user
    kFault,    ///< something does not work or prevents something else
};

struct MachineFact {
    std::string name;  ///< "shared memory", "open files", ...
    std::string value;
    Severity severity = Severity::kFine;
    std::string hint = {};  ///< if not fine, the way out, as in a Status
    Remedy remedy = Remedy::kNone;
};

}  // namespace mapferry::inline v1
