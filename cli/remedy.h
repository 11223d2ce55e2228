// SPDX-License-Identifier: Apache-2.0
// The one place that words the library's remedies for the programs: their options and commands.
#pragma once

#include <string>

#include "mapferry/machine_fact.h"
#include "mapferry/status.h"

namespace mapferry::cli {

// The remedy alone, as what to type. Empty for kNone.
[[nodiscard]] std::string remedy_text(const Status& status);

// What follows "hint: ": the status's hint, its remedy, or both. Empty when it has neither.
[[nodiscard]] std::string way_out(const Status& status);
[[nodiscard]] std::string way_out(const MachineFact& fact);

}  // namespace mapferry::cli
